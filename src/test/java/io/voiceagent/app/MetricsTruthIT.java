package io.voiceagent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.voiceagent.app.OtlpReceiver.Span;
import io.voiceagent.call.CallId;
import io.voiceagent.call.TurnTimeline;
import io.voiceagent.config.Settings;
import io.voiceagent.metrics.TraceContext;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The meters of the whole service against what the simulated providers were told to do. */
class MetricsTruthIT {
  private static final double STT_MS = 80;
  private static final double LLM_MS = 240;
  private static final double TTS_MS = 120;

  private final HttpClient http = HttpClient.newHttpClient();
  private Vertx outside;
  private Simulators simulators;
  private OtlpReceiver collector;
  private VoiceAgent agent;

  @BeforeEach
  void start() throws Exception {
    collector = new OtlpReceiver();
    outside = Vertx.vertx();
    simulators = await(Simulators.start(
        outside,
        SimulatorOptions.from(Settings.of(Map.of(
            "simulator.stt.final", "80ms",
            "simulator.llm.firstToken", "240ms",
            "simulator.tts.firstAudio", "120ms")))));
    Map<String, String> keys = new LinkedHashMap<>(simulators.settings());
    keys.put("tracing.enabled", "true");
    keys.put("tracing.otlp.endpoint", collector.url());
    keys.putAll(Map.of(
        "media.host", "127.0.0.1",
        "media.port", "0",
        "ops.host", "127.0.0.1",
        "ops.port", "0",
        "runtime.eventLoops", "2",
        "telephony.twilio.validateSignatures", "false",
        // Far beyond the scripted 240 ms: a busy machine is no outage.
        "llm.openai.firstTokenTimeout", "1500ms",
        "agent.greeting", ""));
    agent = await(VoiceAgent.start(VoiceAgentOptions.from(Settings.of(keys))));
  }

  @AfterEach
  void stop() throws Exception {
    await(agent.close());
    await(simulators.close());
    await(outside.close());
    collector.close();
  }

  @Test
  void r46_everyStageReportsWhatTheProviderWasToldToTakeAndTheySumToTheWait() throws Exception {
    // The first call of a process, and any turn on a busy machine, is slow in ways that no provider
    // was told to be: one
    // turn that is exact in every stage proves the arithmetic, and none may ever claim less than
    // the provider took.
    Map<String, Double> turn = Map.of();
    for (int attempt = 0; attempt < 20 && !exact(turn); attempt++) {
      Map<String, Double> before = scrape();
      List<CallResult> calls = call(1, lines("hello"));
      turn = scrape();
      subtract(turn, before);
      assertThat(calls).allMatch(CallResult::good);
      assertThat(value(turn, "time_to_first_audio_ms_count")).isEqualTo(1);
      assertThat(value(turn, "provider_first_byte_ms_count{provider=\"openai\"}"))
          .isEqualTo(1);
      assertThat(stage(turn, "stt_final")).isGreaterThanOrEqualTo(STT_MS - 1);
      assertThat(stage(turn, "llm_first_token")).isGreaterThanOrEqualTo(LLM_MS - 1);
      assertThat(stage(turn, "tts_first_audio")).isGreaterThanOrEqualTo(TTS_MS - 1);
      assertThat(sum(turn, "turn_stage_ms_sum{"))
          .isCloseTo(value(turn, "time_to_first_audio_ms_sum"), within(1.0));
      assertThat(sum(turn, "turn_stage_ms_count{")).isEqualTo(TurnTimeline.Stage.values().length);
    }
    assertThat(stage(turn, "stt_final")).isCloseTo(STT_MS, within(5.0));
    assertThat(stage(turn, "llm_first_token")).isCloseTo(LLM_MS, within(5.0));
    assertThat(stage(turn, "tts_first_audio")).isCloseTo(TTS_MS, within(5.0));
    assertThat(stage(turn, "residual")).isLessThan(25);
  }

  private static boolean exact(Map<String, Double> turn) {
    return !turn.isEmpty()
        && stage(turn, "stt_final") < STT_MS + 5
        && stage(turn, "llm_first_token") < LLM_MS + 5
        && stage(turn, "tts_first_audio") < TTS_MS + 5
        && stage(turn, "residual") < 25;
  }

  @Test
  void r47_countersReconcileAndTheScrapeDoesNotGrow() throws Exception {
    call(1, lines("hello"));
    Map<String, Double> before = scrape();
    List<CallResult> calls = call(4, lines("hello", "thank you"));

    Map<String, Double> now = scrape();
    Set<String> grown = new TreeSet<>(now.keySet());
    grown.removeAll(before.keySet());
    grown.removeIf(series -> series.startsWith("jvm_gc_pause"));
    assertThat(grown).isEmpty();
    subtract(now, before);
    assertThat(calls).allMatch(CallResult::good);
    assertThat(value(now, "calls_started_total")).isEqualTo(4);
    assertThat(sum(now, "calls_ended_total{")).isEqualTo(4);
    assertThat(value(now, "calls_active")).isZero();
    assertThat(sum(now, "turns_total{")).isEqualTo(8);
    // On a busy machine a caller may come in before the last mark of an answer is back: that is an
    // interruption, and as much an answer that was heard.
    assertThat(value(now, "turns_total{outcome=\"answered\"}")
            + value(now, "turns_total{outcome=\"interrupted\"}"))
        .isEqualTo(8);
    assertThat(value(now, "time_to_first_audio_ms_count")).isEqualTo(8);
    assertThat(value(now, "turn_latency_ms_count")).isEqualTo(8);
    // What was under way to the transcriber when a call ended is neither: at most a second per
    // call.
    double in = value(now, "carrier_bytes_in_total");
    double out = value(now, "stt_audio_bytes_total") + value(now, "audio_dropped_bytes_total");
    assertThat(out).isBetween(in - 4 * 8000, in);
    assertThat(value(now, "bus_stream_open")).isZero();
    assertThat(value(now, "bus_stream_depth")).isZero();
  }

  @Test
  void anOutageCannotLookFast() throws Exception {
    simulators.faults().add(Fault.of("llm", "hang"));

    call(1, lines("hello").withAnswerWithin(10_000));

    Map<String, Double> now = scrape();
    assertThat(value(now, "time_to_first_audio_ms_count")).isZero();
    assertThat(value(now, "turns_total{outcome=\"failed\"}")).isEqualTo(1);
    assertThat(value(now, "openai_stream_timeout_total")).isPositive();
    assertThat(value(now, "openai_stream_error_total"))
        .isGreaterThanOrEqualTo(value(now, "openai_stream_timeout_total"));
  }

  /** What the collector of a real service got, and that log, trace and exemplar name a call alike. */
  @Test
  void r52_aCallIsOneTraceOfTurnsAndStagesWithoutWordsAndNumbers() throws Exception {
    CallResult call = call(1, lines("hello", "thank you")).get(0);
    String exemplars = text("application/openmetrics-text");
    // What waits is sent when the service ends.
    await(agent.close());

    TraceContext context = TraceContext.ofCall(new CallId(call.callSid()));
    List<Span> spans = collector.spans();
    assertThat(spans).isNotEmpty().allMatch(span -> span.traceId().equals(context.traceId()));
    Span root = named(spans, "call").get(0);
    assertThat(named(spans, "call")).hasSize(1);
    assertThat(root.parentId()).isEmpty();
    assertThat(root.spanId()).isEqualTo(context.spanId());
    assertThat(root.attributes()).containsEntry("call.sid", call.callSid());
    List<Span> turns = named(spans, "turn");
    assertThat(turns).hasSize(2).allMatch(turn -> turn.parentId().equals(root.spanId()));
    for (Span turn : turns) {
      assertThat(turn.startedAt()).isBetween(root.startedAt(), root.endedAt());
      List<Span> stages =
          spans.stream().filter(span -> span.parentId().equals(turn.spanId())).toList();
      assertThat(stages.stream().map(Span::name))
          .contains("endpointing", "stt_final", "llm_first_token", "tts_first_audio");
      assertThat(stages)
          .allMatch(
              stage -> stage.startedAt() >= turn.startedAt() && stage.endedAt() <= turn.endedAt());
    }
    assertThat(exemplars).contains("trace_id=\"" + context.traceId() + "\"");
    assertThat(spans.toString()).doesNotContain("5550", "hello", "thank");
  }

  private static List<Span> named(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  /** The caller speaks at once and again as soon as the answer is heard. */
  private static Scenario lines(String... lines) {
    return new Scenario(List.of(lines), false, 4, 0, 100, 15_000, 0, "", false, 0, 0);
  }

  private List<CallResult> call(int count, Scenario scenario) throws Exception {
    Promise<List<CallResult>> all = Promise.promise();
    outside.runOnContext(go -> {
      CarrierSimulator carrier =
          new CarrierSimulator(outside, "http://127.0.0.1:" + agent.mediaPort(), "");
      List<Future<CallResult>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(carrier.call("+1555000" + (1000 + i), "+15550000000", scenario));
      }
      Future.join(calls)
          .map(done -> calls.stream().map(Future::result).toList())
          .onComplete(done -> carrier.close())
          .onComplete(all);
    });
    List<CallResult> results = await(all.future());
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (agent.calls() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return results;
  }

  private String text(String accept) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + agent.opsPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).header("Accept", accept).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  private Map<String, Double> scrape() throws Exception {
    Map<String, Double> values = new TreeMap<>();
    text("text/plain").lines().filter(line -> !line.startsWith("#")).forEach(line -> {
      int space = line.lastIndexOf(' ');
      values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
    });
    return values;
  }

  private static double value(Map<String, Double> values, String series) {
    return Objects.requireNonNull(values.get(series), series);
  }

  private static double stage(Map<String, Double> values, String stage) {
    return value(values, "turn_stage_ms_sum{stage=\"" + stage + "\"}");
  }

  private static void subtract(Map<String, Double> from, Map<String, Double> what) {
    what.forEach((name, value) -> from.merge(name, -value, Double::sum));
  }

  private static double sum(Map<String, Double> values, String prefix) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
