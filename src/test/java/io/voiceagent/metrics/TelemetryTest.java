package io.voiceagent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallId;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnTimeline;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final List<String> COUNTERS = List.of(
      "cartesia_tts_error_total",
      "cartesia_tts_rate_limit_total",
      "cartesia_tts_timeout_total",
      "cartesia_tts_timeout_or_closed_total",
      "cartesia_stt_error_total",
      "cartesia_stt_backpressure_total",
      "cartesia_stt_flush_requested_total",
      "cartesia_stt_flush_timeout_total",
      "cartesia_stt_flush_error_total",
      "openai_stream_error_total",
      "openai_stream_timeout_total",
      "late_event_dropped_total",
      "duplicate_final_dropped_total",
      "calls_started_total",
      "mcp_tool_invocation_total",
      "mcp_tool_success_total",
      "mcp_tool_error_total");

  private static final List<String> HISTOGRAMS = List.of(
      "time_to_first_audio_ms",
      "turn_latency_ms",
      "barge_in_reaction_ms",
      "added_latency_ms",
      "frame_age_ms",
      "event_loop_lag_ms",
      "mcp_tool_latency_ms");

  private static final List<String> LABELLED = List.of(
      "turns_total{outcome=\"answered\"}",
      "turns_total{outcome=\"interrupted\"}",
      "turns_total{outcome=\"failed\"}",
      "turns_total{outcome=\"no_speech\"}",
      "calls_ended_total{reason=\"caller_hung_up\"}",
      "calls_refused_total{reason=\"full\"}",
      "calls_refused_total{reason=\"draining\"}",
      "provider_breaker_state{provider=\"openai\"}",
      "provider_retries_total{provider=\"cartesia_tts\"}",
      "turn_stage_ms_count{stage=\"endpointing\"}",
      "turn_stage_ms_count{stage=\"stt_final\"}",
      "turn_stage_ms_count{stage=\"llm_first_token\"}",
      "turn_stage_ms_count{stage=\"first_segment\"}",
      "turn_stage_ms_count{stage=\"tts_first_audio\"}",
      "turn_stage_ms_count{stage=\"playout\"}",
      "turn_stage_ms_count{stage=\"residual\"}");

  private static final List<String> EDGES = List.of(
      "5.0", "10.0", "20.0", "35.0", "50.0", "75.0", "100.0", "150.0", "200.0", "250.0", "300.0",
      "400.0", "500.0", "600.0", "700.0", "800.0", "1000.0", "1250.0", "1500.0", "1750.0", "2000.0",
      "2500.0", "3000.0", "4000.0", "5000.0", "7500.0", "10000.0", "20000.0", "30000.0", "+Inf");

  private final Telemetry telemetry = new Telemetry();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void everyMeterOfTheContractIsThereAtZeroFromTheFirstScrape() {
    List<String> lines = text();

    for (String counter : COUNTERS) {
      assertThat(lines).contains(counter + " 0.0");
    }
    for (String histogram : HISTOGRAMS) {
      assertThat(lines).contains(histogram + "_count 0", histogram + "_sum 0.0");
    }
    assertThat(lines).contains("calls_active 0.0");
    for (String series : LABELLED) {
      assertThat(lines)
          .anyMatch(line -> line.equals(series + " 0.0") || line.equals(series + " 0"));
    }
  }

  @Test
  void theFallbackCounterExistsBeforeAnyFallback() {
    assertThat(text()).anyMatch(line -> line.startsWith("provider_fallback_total{"));
  }

  @Test
  void everyMeterOfOursIsExplained() {
    List<String> unexplained = text().stream()
        .filter(line -> line.startsWith("# HELP") && !line.contains("_max "))
        .filter(line -> !line.matches("# HELP (jvm|process|system|vertx)_.*"))
        .filter(line -> line.strip().split(" ").length < 4)
        .toList();
    assertThat(unexplained).isEmpty();
  }

  @Test
  void histogramsHaveTheEdgesOfTheContract() {
    for (String histogram : HISTOGRAMS) {
      List<String> edges = text().stream()
          .filter(line -> line.startsWith(histogram + "_bucket{"))
          .map(line -> line.replaceAll(".*le=\"([^\"]*)\".*", "$1"))
          .toList();
      assertThat(edges).as(histogram).isEqualTo(EDGES);
    }
  }

  @Test
  void noLabelCanGrowWithTraffic() {
    Set<String> names = new TreeSet<>();
    for (String line : text()) {
      if (!line.startsWith("#")) {
        for (String label : line.replaceAll("^[^{]*\\{?|\\}.*$", "").split(",")) {
          names.add(label.replaceAll("=.*", ""));
        }
      }
    }
    assertThat(names)
        .doesNotContain("call", "callSid", "path", "route", "method", "remote", "address");
  }

  @Test
  void aThousandTurnsLeaveTheScrapeAsLargeAsItWas() {
    int before = text().size();
    for (int i = 1; i <= 1000; i++) {
      telemetry.meters().callStarted();
      telemetry.meters().firstAudio(new CallId("CA" + i), timeline(i));
    }
    assertThat(text()).hasSize(before);
  }

  @Test
  void openMetricsCarriesTheTraceOfTheTurnAsExemplar() {
    CallId call = new CallId("CA42");
    telemetry.meters().firstAudio(call, timeline(3));

    String openMetrics = telemetry.scrape(Telemetry.OPEN_METRICS);

    assertThat(openMetrics).endsWith("# EOF\n");
    String trace = "trace_id=\"" + TraceContext.ofCall(call).traceId() + "\"";
    String span = "span_id=\"" + TraceContext.ofTurn(call, new TurnId(3)).spanId() + "\"";
    assertThat(openMetrics.lines())
        .anyMatch(line -> line.startsWith("time_to_first_audio_ms_bucket")
            && line.contains(trace)
            && line.contains(span));
    // Older scrapers refuse everything when an exemplar stands where it was not allowed at first.
    assertThat(openMetrics.lines().filter(line -> line.contains("# {")))
        .allMatch(line -> line.matches("\\w+(_bucket|_total)[{ ].*"));
    assertThat(telemetry.scrape(Telemetry.PROMETHEUS_TEXT)).doesNotContain("trace_id");
  }

  @Test
  void r15_aFirstByteThatNoNetworkAllowsRaisesAnAlarmMetricAndNotTheHistogram() {
    telemetry.meters().providers.firstByte("cartesia_tts", 2_000_000);
    telemetry.meters().providers.firstByte("cartesia_tts", 90_000_000);

    assertThat(text())
        .contains("provider_first_byte_implausible_total{provider=\"cartesia_tts\"} 1.0")
        .contains("provider_first_byte_ms_count{provider=\"cartesia_tts\"} 1");
  }

  @Test
  void theStagesOfATurnSumToItsTimeToFirstAudio() {
    telemetry.meters().firstAudio(timeline(1));

    assertThat(sumOf("turn_stage_ms_sum")).isEqualTo(sumOf("time_to_first_audio_ms_sum"));
  }

  private double sumOf(String name) {
    return text().stream()
        .filter(line -> line.startsWith(name))
        .collect(Collectors.summingDouble(line -> Double.parseDouble(line.split(" ")[1])));
  }

  private List<String> text() {
    return telemetry.scrape(Telemetry.PROMETHEUS_TEXT).lines().toList();
  }

  private static TurnTimeline timeline(int turn) {
    long ms = 1_000_000;
    return new TurnTimeline(
        new TurnId(turn),
        0,
        200 * ms,
        260 * ms,
        260 * ms,
        900 * ms,
        200 * ms,
        60 * ms,
        300 * ms,
        100 * ms,
        200 * ms,
        20 * ms);
  }
}
