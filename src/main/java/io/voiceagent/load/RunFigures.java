package io.voiceagent.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the service's own metrics say about the measured part of a run. Pure. */
final class RunFigures {
  private static final List<String> HISTOGRAMS = List.of(
      "frame_age_ms", "time_to_first_audio_ms", "barge_in_reaction_ms", "event_loop_lag_ms");
  private static final List<String> COUNTERS =
      List.of("late_event_dropped", "duplicate_final_dropped", "bus_stream_dropped");
  private static final List<String> STAGES = List.of(
      "endpointing",
      "stt_final",
      "llm_first_token",
      "first_segment",
      "tts_first_audio",
      "playout",
      "residual");
  /** A frame of the caller is 20 ms of mu-law. */
  private static final double FRAME_BYTES = 160;

  private final Look first;
  private final Look last;

  RunFigures(Look first, Look last) {
    this.first = first;
    this.last = last;
  }

  void into(Map<String, Double> figures) {
    addedLatency(first, last).into(figures, "added_latency");
    HISTOGRAMS.forEach(name -> last.metrics()
        .since(first.metrics(), name, "")
        .into(figures, name.substring(0, name.length() - 3)));
    COUNTERS.forEach(counter -> figures.put(counter, delta(counter + "_total")));
    double seconds = last.at() - first.at();
    double callSeconds = last.callSeconds() - first.callSeconds();
    double cpu = last.service() - first.service();
    double frames = delta("carrier_bytes_in_total") / FRAME_BYTES;
    figures.put("measured_seconds", seconds);
    figures.put("call_seconds", callSeconds);
    figures.put("cpu_ms_per_call_second", 1000 * cpu / callSeconds);
    figures.put("service_cores", cpu / seconds);
    figures.put("simulator_cores", (last.simulators() - first.simulators()) / seconds);
    figures.put("generator_cores", (last.generator() - first.generator()) / seconds);
    figures.put("other_cores", otherCores(first, last));
    figures.put("gc_pause_ms", 1000 * delta("jvm_gc_pause_seconds_sum"));
    figures.put("frames_in", frames);
    figures.put("bytes_allocated_per_frame", delta("jvm_gc_memory_allocated_bytes_total") / frames);
  }

  Map<String, Double> stages() {
    Map<String, Double> stages = new LinkedHashMap<>();
    for (String stage : STAGES) {
      String label = "stage=\"" + stage + "\"";
      stages.put(
          stage, last.metrics().since(first.metrics(), "turn_stage_ms", label).mean());
    }
    return stages;
  }

  /** From the histogram with fine edges where the service has it: those of the other one begin at 5 ms. */
  static MetricsText.Buckets addedLatency(Look before, Look now) {
    MetricsText.Buckets fine =
        now.metrics().since(before.metrics(), "added_latency_us", "").scaled(0.001);
    return fine.count() > 0 ? fine : now.metrics().since(before.metrics(), "added_latency_ms", "");
  }

  /** Cores that neither of the three used: the kernel's interrupts, and whoever else works on this machine. */
  static double otherCores(Look before, Look now) {
    double ours = now.service()
        - before.service()
        + now.simulators()
        - before.simulators()
        + now.generator()
        - before.generator();
    return (now.host() - before.host() - ours) / (now.at() - before.at());
  }

  private double delta(String counter) {
    return last.metrics().sum(counter) - first.metrics().sum(counter);
  }
}
