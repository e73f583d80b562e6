package io.voiceagent.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.load.CapacitySearch;
import io.voiceagent.load.LoadResult;
import io.voiceagent.load.LoadRun;
import io.voiceagent.load.Threshold;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A load test on the console: one line that changes on a terminal, a line now and then elsewhere, a table at the end. */
final class LoadView {
  private static final double PLAIN_EVERY_SECONDS = 10;
  private static final List<String> CURVE = List.of(
      "added_latency_p50_ms",
      "added_latency_p99_ms",
      "added_latency_p999_ms",
      "frame_age_p999_ms",
      "event_loop_lag_p99_ms",
      "first_audio_p99_ms",
      "defects",
      "service_cores",
      "generator_cores",
      "simulator_cores",
      "other_cores",
      "cpu_ms_per_call_second",
      "generator_late_p999_ms");

  private final PrintWriter out;
  private final boolean terminal = Terminal.attached();
  private double said = -PLAIN_EVERY_SECONDS;

  LoadView(PrintWriter out) {
    this.out = out;
  }

  void progress(LoadRun.Progress now) {
    String line = String.format(
        Locale.ROOT,
        "%4.0f s  %5d calls  %7d turns  first audio p99 %6s ms  %d errors  %.0f s to go",
        now.seconds(),
        now.calls(),
        now.turns(),
        shown(now.p99Ms(), 0),
        now.errors(),
        now.remaining());
    if (terminal) {
      out.print("\r" + line + "   ");
    } else if (now.seconds() - said >= PLAIN_EVERY_SECONDS || now.seconds() < said) {
      said = now.seconds();
      out.println(line);
    }
    out.flush();
  }

  void table(LoadResult result, List<Threshold> broken) {
    Map<String, Double> f = result.figures();
    out.printf("%n%n%-34s %10s %10s %10s %10s%n", "", "p50", "p99", "p99.9", "max");
    row(f, "first audio at the caller, ms", "first_audio");
    row(f, "time to first audio, ms", "time_to_first_audio");
    row(f, "added latency, ms", "added_latency");
    row(f, "frame age, ms", "frame_age");
    row(f, "event loop lag, ms", "event_loop_lag");
    row(f, "barge-in at the caller, ms", "barge_in");
    row(f, "call set-up, ms", "connect");
    row(f, "generator late, ms", "generator_late");
    out.println();
    out.print("where the wait goes, mean ms:");
    result.stages().forEach((stage, ms) -> out.print("  " + stage + " " + shown(ms, 1)));
    out.println();
    line(
        f,
        "calls %s (peak %s at once), failed %s, refused %s",
        "calls",
        "calls_peak",
        "calls_failed",
        "calls_refused");
    line(
        f,
        "turns %s, interrupted %s, unanswered %s; words %s",
        "turns",
        "turns_interrupted",
        "turns_unanswered",
        "words");
    line(
        f,
        "words lost %s, doubled %s, re-ordered %s, late %s, crossed %s, garbled %s; gaps %s, longest %s ms",
        "words_lost",
        "words_doubled",
        "words_reordered",
        "words_late",
        "words_crossed",
        "words_garbled",
        "gaps",
        "longest_gap_ms");
    out.printf(
        "service CPU %s ms per call-second; cores: service %s, generator %s, simulators %s, others %s; heap at most %s MiB; %s bytes allocated per frame%n",
        shown(f.getOrDefault("cpu_ms_per_call_second", Double.NaN), 2),
        shown(f.getOrDefault("service_cores", Double.NaN), 2),
        shown(f.getOrDefault("generator_cores", Double.NaN), 2),
        shown(f.getOrDefault("simulator_cores", Double.NaN), 2),
        shown(f.getOrDefault("other_cores", Double.NaN), 2),
        shown(f.getOrDefault("heap_max_mb", Double.NaN), 0),
        shown(f.getOrDefault("bytes_allocated_per_frame", Double.NaN), 0));
    result
        .problems()
        .forEach((problem, count) -> out.println("problem, " + count + " times: " + problem));
    if (!result.valid()) {
      out.println("THE RUN DOES NOT COUNT: " + result.invalid());
    }
    broken.forEach(limit -> out.println("LIMIT BROKEN: " + limit.explained(f)));
    out.flush();
  }

  void tried(int calls, boolean held, LoadResult result, List<Threshold> broken) {
    out.printf(
        "%n%d calls: %s; added p99 %s ms, %s defects, service %s cores%n",
        calls,
        held ? "held" : "broke",
        shown(result.figures().getOrDefault("added_latency_p99_ms", Double.NaN), 1),
        shown(result.figures().getOrDefault("defects", Double.NaN), 0),
        shown(result.figures().getOrDefault("service_cores", Double.NaN), 2));
    broken.forEach(limit -> out.println("  " + limit.explained(result.figures())));
    if (!result.valid()) {
      out.println("  " + result.invalid());
    }
    out.flush();
  }

  void capacity(CapacitySearch search) {
    out.println(search
        .best()
        .map(best -> "CAPACITY: " + best.calls() + " calls at once is the highest load that held")
        .orElse("CAPACITY: no load that was tried held"));
    out.flush();
  }

  void files(Path directory) {
    out.println("report: " + directory.resolve("report.html").toAbsolutePath());
    out.flush();
  }

  static JsonArray curve(CapacitySearch search) {
    JsonArray curve = new JsonArray();
    for (CapacitySearch.Tried each : search.all()) {
      JsonObject point = new JsonObject().put("calls", each.calls()).put("held", each.held());
      for (String figure : CURVE) {
        double value = each.result().figures().getOrDefault(figure, Double.NaN);
        point.put(figure, Double.isFinite(value) ? Double.valueOf(value) : null);
      }
      curve.add(point);
    }
    return curve;
  }

  private void row(Map<String, Double> figures, String label, String name) {
    out.printf(
        "%-34s %10s %10s %10s %10s%n",
        label,
        figure(figures, name, "p50"),
        figure(figures, name, "p99"),
        figure(figures, name, "p999"),
        figure(figures, name, "max"));
  }

  private void line(Map<String, Double> figures, String format, String... names) {
    Object[] values = new Object[names.length];
    for (int i = 0; i < names.length; i++) {
      values[i] = shown(figures.getOrDefault(names[i], Double.NaN), 0);
    }
    out.println(String.format(format, values));
  }

  private static String figure(Map<String, Double> figures, String name, String quantile) {
    return shown(figures.getOrDefault(name + "_" + quantile + "_ms", Double.NaN), 1);
  }

  private static String shown(double value, int digits) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
