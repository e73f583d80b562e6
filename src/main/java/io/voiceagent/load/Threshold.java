package io.voiceagent.load;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A limit such as {@code added_latency_p99_ms>10}: a run for which it holds has failed. */
public record Threshold(String figure, String comparison, double limit) {
  private static final Pattern FORM =
      Pattern.compile("\\s*([a-z0-9_]+)\\s*(>=|<=|==|>|<)\\s*(-?[0-9.]+)\\s*");

  /** @throws IllegalArgumentException when it is not of the form {@code figure>number} */
  public static Threshold parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a limit is a figure, one of > >= < <= ==, and a number: " + text);
    }
    return new Threshold(matcher.group(1), matcher.group(2), Double.parseDouble(matcher.group(3)));
  }

  /** Whether the run failed by it. A figure that could not be measured fails too: silence proves nothing. */
  public boolean broken(Map<String, Double> figures) {
    double value = figures.getOrDefault(figure, Double.NaN);
    if (Double.isNaN(value)) {
      return true;
    }
    return switch (comparison) {
      case ">" -> value > limit;
      case ">=" -> value >= limit;
      case "<" -> value < limit;
      case "<=" -> value <= limit;
      default -> value == limit;
    };
  }

  public String explained(Map<String, Double> figures) {
    double value = figures.getOrDefault(figure, Double.NaN);
    return Double.isNaN(value)
        ? figure + " was not measured"
        : String.format(Locale.ROOT, "%s is %.3f, %s %s", figure, value, comparison, limit);
  }
}
