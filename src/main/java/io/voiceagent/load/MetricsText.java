package io.voiceagent.load;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** One look at a service's metrics: series by name and labels as written. Pure. */
final class MetricsText {
  static final MetricsText EMPTY = new MetricsText(Map.of());
  private static final int MOST_SERIES = 50_000;

  private final Map<String, Double> series;

  private MetricsText(Map<String, Double> series) {
    this.series = series;
  }

  static MetricsText parse(String text) {
    Map<String, Double> series = new HashMap<>();
    for (int from = 0; from < text.length() && series.size() < MOST_SERIES; ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      if (text.charAt(from) != '#') {
        put(series, text.substring(from, end).trim());
      }
      from = end + 1;
    }
    return new MetricsText(series);
  }

  private static void put(Map<String, Double> series, String line) {
    int labels = line.lastIndexOf('}');
    int blank = line.indexOf(' ', Math.max(0, labels));
    if (blank < 0) {
      return;
    }
    try {
      String value = line.substring(blank + 1).split(" ", 2)[0];
      series.put(line.substring(0, blank), number(value));
    } catch (NumberFormatException notANumber) {
      // Something else than a sample; a scrape must not fail for it.
    }
  }

  private static double number(String value) {
    return switch (value) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(value);
    };
  }

  boolean isEmpty() {
    return series.isEmpty();
  }

  /** The sum over every series of this name whose labels contain {@code label}. */
  double sum(String name, String label) {
    double sum = 0;
    for (Map.Entry<String, Double> each : series.entrySet()) {
      String key = each.getKey();
      if (key.startsWith(name)
          && (key.length() == name.length() || key.charAt(name.length()) == '{')
          && key.contains(label)
          && !each.getValue().isNaN()) {
        sum += each.getValue();
      }
    }
    return sum;
  }

  /** The same, or NaN when this look saw nothing at all. */
  double gauge(String name, String label) {
    return isEmpty() ? Double.NaN : sum(name, label);
  }

  double sum(String name) {
    return sum(name, "");
  }

  /** What a histogram took in between {@code before} and this. */
  Buckets since(MetricsText before, String name, String label) {
    if (isEmpty() || before.isEmpty()) {
      return new Buckets(new TreeMap<>(), 0, 0);
    }
    TreeMap<Double, Double> cumulative = new TreeMap<>();
    String prefix = name + "_bucket{";
    series.forEach((key, value) -> {
      if (key.startsWith(prefix) && key.contains(label)) {
        cumulative.merge(edge(key), value - before.series.getOrDefault(key, 0.0), Double::sum);
      }
    });
    double sum = sum(name + "_sum", label) - before.sum(name + "_sum", label);
    double count = sum(name + "_count", label) - before.sum(name + "_count", label);
    return new Buckets(cumulative, count, sum);
  }

  private static double edge(String key) {
    int from = key.indexOf("le=\"") + 4;
    return from < 4 ? Double.NaN : number(key.substring(from, key.indexOf('"', from)));
  }

  /**
   * Part of a histogram.
   *
   * @param cumulative count at or below each edge
   */
  record Buckets(TreeMap<Double, Double> cumulative, double count, double sum) {
    /** The same in another unit. */
    Buckets scaled(double factor) {
      TreeMap<Double, Double> edges = new TreeMap<>();
      cumulative.forEach((edge, below) -> edges.put(edge * factor, below));
      return new Buckets(edges, count, sum * factor);
    }

    /** Mean and quantiles under {@code name}, milliseconds. */
    void into(Map<String, Double> figures, String name) {
      figures.put(name + "_mean_ms", mean());
      figures.put(name + "_p50_ms", quantile(0.5));
      figures.put(name + "_p95_ms", quantile(0.95));
      figures.put(name + "_p99_ms", quantile(0.99));
      figures.put(name + "_p999_ms", quantile(0.999));
    }

    double mean() {
      return count <= 0 ? Double.NaN : sum / count;
    }

    /** Interpolated within the bucket, as Prometheus does; beyond the last edge the last edge. */
    double quantile(double q) {
      double rank = q * count;
      double lowerEdge = 0;
      double below = 0;
      for (Map.Entry<Double, Double> bucket : cumulative.entrySet()) {
        double inBucket = bucket.getValue() - below;
        if (bucket.getValue() >= rank && inBucket > 0) {
          return Double.isInfinite(bucket.getKey())
              ? lowerEdge
              : lowerEdge + (bucket.getKey() - lowerEdge) * (rank - below) / inBucket;
        }
        lowerEdge = Double.isInfinite(bucket.getKey()) ? lowerEdge : bucket.getKey();
        below = bucket.getValue();
      }
      return Double.NaN;
    }
  }
}
