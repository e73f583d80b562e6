package io.voiceagent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
  private static final String BEFORE = """
      carrier_bytes_in_total 16000
      jvm_gc_memory_allocated_bytes_total 1000
      added_latency_us_bucket{le="1000.0"} 5
      added_latency_us_bucket{le="2000.0"} 5
      added_latency_us_bucket{le="+Inf"} 5
      added_latency_us_count 5
      added_latency_us_sum 100
      """;
  private static final String AFTER = """
      carrier_bytes_in_total 176000
      jvm_gc_memory_allocated_bytes_total 3001000
      added_latency_us_bucket{le="1000.0"} 5
      added_latency_us_bucket{le="2000.0"} 105
      added_latency_us_bucket{le="+Inf"} 105
      added_latency_us_count 105
      added_latency_us_sum 150100
      """;

  @Test
  void costIsPerCallSecondAndAllocationPerFrameOfTheCaller() {
    Map<String, Double> figures = new HashMap<>();
    new RunFigures(look(10, BEFORE, 5, 1, 2, 20, 100), look(30, AFTER, 9, 2, 4, 30, 2100))
        .into(figures);

    assertThat(figures)
        .containsEntry("cpu_ms_per_call_second", 2.0)
        .containsEntry("service_cores", 0.2)
        .containsEntry("frames_in", 1000.0)
        .containsEntry("bytes_allocated_per_frame", 3000.0);
    assertThat(figures.get("other_cores")).as("10 s of CPU, 7 of them ours").isEqualTo(0.15);
  }

  @Test
  void addedLatencyComesFromTheFineHistogramInMilliseconds() {
    Map<String, Double> figures = new HashMap<>();
    new RunFigures(look(0, BEFORE, 0, 0, 0, 0, 0), look(1, AFTER, 1, 1, 1, 1, 1)).into(figures);

    assertThat(figures.get("added_latency_p50_ms")).isEqualTo(1.5, within(1e-9));
    assertThat(figures.get("added_latency_mean_ms")).isEqualTo(1.5, within(1e-9));
  }

  @Test
  void aServiceThatDidNotAnswerIsUnknownAndNotPerfect() {
    Map<String, Double> figures = new HashMap<>();
    new RunFigures(look(0, BEFORE, 0, 0, 0, 0, 0), look(1, "", 1, 1, 1, 1, 1)).into(figures);

    assertThat(figures.get("frame_age_p999_ms")).isNaN();
    assertThat(Threshold.parse("frame_age_p999_ms>20").broken(figures)).isTrue();
  }

  private static Look look(
      double at,
      String metrics,
      double service,
      double simulators,
      double generator,
      double host,
      double callSeconds) {
    return new Look(
        at, MetricsText.parse(metrics), service, simulators, generator, host, callSeconds);
  }
}
