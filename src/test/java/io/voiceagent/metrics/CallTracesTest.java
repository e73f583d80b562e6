package io.voiceagent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Clock;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallTracesTest {
  private static final long MS = 1_000_000;
  private static final CallInfo CALL = new CallInfo(
      new CallId("CA7"), "MZ7", CallInfo.Direction.INBOUND, "+15551234567", "+15550000000");
  private static final TurnTimeline TIMELINE = new TurnTimeline(
      new TurnId(2),
      0,
      200 * MS,
      260 * MS,
      265 * MS,
      900 * MS,
      200 * MS,
      60 * MS,
      300 * MS,
      100 * MS,
      200 * MS,
      20 * MS);

  @Test
  void aCallIsOneTraceWithASpanPerTurnAndStage() {
    Collected spans = new Collected();
    try (CallTraces traces = CallTraces.to(spans, () -> 2000 * MS, () -> 1_000_000)) {
      traces.turnEnded(CALL, new TurnId(2), TurnOutcome.ANSWERED, TIMELINE, 0, 1900 * MS);
      traces.callEnded(CALL, EndReason.CALLER_HUNG_UP, -1000 * MS, 2000 * MS);
    }

    TraceContext call = TraceContext.ofCall(CALL.id());
    TraceContext turn = TraceContext.ofTurn(CALL.id(), new TurnId(2));
    assertThat(spans.all).allMatch(span -> span.getTraceId().equals(call.traceId()));
    assertThat(spans.named("call").getSpanId()).isEqualTo(call.spanId());
    assertThat(spans.named("turn").getSpanId()).isEqualTo(turn.spanId());
    assertThat(spans.named("turn").getParentSpanId()).isEqualTo(call.spanId());
    assertThat(spans.all.stream()
            .filter(span -> span.getParentSpanId().equals(turn.spanId()))
            .map(SpanData::getName))
        .containsExactly(
            "endpointing",
            "stt_final",
            "llm_first_token",
            "first_segment",
            "tts_first_audio",
            "playout");
  }

  @Test
  void stagesLieWhereTheyHappenedInWallClockTime() {
    Collected spans = new Collected();
    try (CallTraces traces = CallTraces.to(spans, () -> 2000 * MS, () -> 1_000_000)) {
      traces.turnEnded(CALL, new TurnId(2), TurnOutcome.ANSWERED, TIMELINE, 0, 1900 * MS);
    }

    // Clock 2000 ms is wall 1,000,000 ms: the turn's first audio at 900 ms was 1100 ms before.
    assertThat(spans.named("playout").getEndEpochNanos()).isEqualTo((1_000_000 - 1100) * MS);
    assertThat(spans.named("llm_first_token").getEndEpochNanos())
        .isEqualTo(spans.named("first_segment").getStartEpochNanos());
    assertThat(spans.named("turn").getStartEpochNanos()).isEqualTo((1_000_000 - 2000) * MS);
  }

  @Test
  void r52_spansHoldNeitherNumbersNorWords() {
    Collected spans = new Collected();
    try (CallTraces traces = CallTraces.to(spans, Clock.SYSTEM, System::currentTimeMillis)) {
      traces.turnEnded(CALL, new TurnId(2), TurnOutcome.FAILED, null, 1500 * MS, 1900 * MS);
      traces.callEnded(CALL, EndReason.FAILED, 0, 2000 * MS);
    }

    assertThat(spans.all).hasSize(2);
    assertThat(spans.all.toString()).doesNotContain("5551234567", "5550000000");
  }

  @Test
  void aCollectorIsSentOtlpOverHttp() throws Exception {
    CompletableFuture<String> received = new CompletableFuture<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext("/v1/traces", exchange -> {
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      received.complete(new String(body, java.nio.charset.StandardCharsets.ISO_8859_1));
    });
    collector.start();
    String endpoint = "http://localhost:" + collector.getAddress().getPort() + "/v1/traces";
    try (CallTraces traces = CallTraces.of(new TracingOptions(true, endpoint), Clock.SYSTEM)) {
      traces.callEnded(CALL, EndReason.CALLER_HUNG_UP, 0, System.nanoTime());
    }

    assertThat(received.get(5, TimeUnit.SECONDS)).contains("voice-agent", "call.sid", "CA7");
    collector.stop(0);
  }

  @Test
  void switchedOffItDoesNothing() {
    CallTraces traces = CallTraces.of(new TracingOptions(false, "http://nowhere"), Clock.SYSTEM);

    traces.callEnded(CALL, EndReason.FAILED, 0, 1);

    assertThat(traces.enabled()).isFalse();
  }

  private static final class Collected implements SpanExporter {
    private final List<SpanData> all = new CopyOnWriteArrayList<>();

    SpanData named(String name) {
      return all.stream()
          .filter(span -> span.getName().equals(name))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      all.addAll(spans);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
