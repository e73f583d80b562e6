package io.voiceagent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MetricsTextTest {
  private static final String BEFORE = """
      # TYPE added_latency_ms histogram
      added_latency_ms_bucket{le="5.0"} 100
      added_latency_ms_bucket{le="10.0"} 100
      added_latency_ms_bucket{le="+Inf"} 100
      added_latency_ms_count 100
      added_latency_ms_sum 200
      calls_ended_total{reason="a b"} 3.0
      """;
  private static final String AFTER = """
      added_latency_ms_bucket{le="5.0"} 190
      added_latency_ms_bucket{le="10.0"} 199
      added_latency_ms_bucket{le="+Inf"} 200
      added_latency_ms_count 200
      added_latency_ms_sum 500
      calls_ended_total{reason="a b"} 5.0
      calls_ended_total{reason="c"} 2.0 1700000000
      calls_ended_totally 9
      nonsense
      odd{x="y"} NaN
      """;

  @Test
  void aPartOfAHistogramIsTheDifferenceOfTwoLooks() {
    MetricsText.Buckets part =
        MetricsText.parse(AFTER).since(MetricsText.parse(BEFORE), "added_latency_ms", "");

    assertThat(part.count()).isEqualTo(100);
    assertThat(part.mean()).isEqualTo(3);
    assertThat(part.quantile(0.45)).isCloseTo(2.5, within(0.01));
    assertThat(part.quantile(0.99)).isCloseTo(10, within(0.01));
    assertThat(part.quantile(0.999)).as("beyond the last edge").isEqualTo(10);
  }

  @Test
  void seriesOfAnotherNameOrLabelDoNotCount() {
    MetricsText text = MetricsText.parse(AFTER);

    assertThat(text.sum("calls_ended_total")).isEqualTo(7);
    assertThat(text.sum("calls_ended_total", "reason=\"c\"")).isEqualTo(2);
    assertThat(text.sum("odd")).isZero();
    assertThat(text.since(MetricsText.EMPTY, "missing_ms", "").quantile(0.5)).isNaN();
  }
}
