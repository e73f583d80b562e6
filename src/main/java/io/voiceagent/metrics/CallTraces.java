package io.voiceagent.metrics;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Clock;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import io.voiceagent.call.TurnTimeline.Stage;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One trace per call, one span per turn, one per stage of its wait. All of it is made when a turn or the call is over,
 * from instants that were kept anyway: nothing is carried along the path of a frame. Spans hold ids, times and outcomes,
 * never words or numbers.
 *
 * <p>Thread-safe; a full queue drops spans instead of waiting.
 */
public final class CallTraces implements AutoCloseable {
  private static final AttributeKey<String> CALL = AttributeKey.stringKey("call.sid");
  private static final AttributeKey<String> DIRECTION = AttributeKey.stringKey("call.direction");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("call.end_reason");
  private static final AttributeKey<Long> TURN = AttributeKey.longKey("turn.number");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("turn.outcome");
  private static final AttributeKey<Double> FIRST_AUDIO =
      AttributeKey.doubleKey("turn.time_to_first_audio_ms");
  private static final int QUEUE = 4096;
  private static final long MAX_DRIFT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final @Nullable SdkTracerProvider provider;
  private final @Nullable Tracer tracer;
  private final Clock clock;
  private final LongSupplier wallMillis;
  /** Wall-clock time of the clock's zero. */
  private volatile long epoch;

  private CallTraces(@Nullable SdkTracerProvider provider, Clock clock, LongSupplier wallMillis) {
    this.provider = provider;
    this.tracer = provider == null ? null : provider.get("io.voiceagent");
    this.clock = clock;
    this.wallMillis = wallMillis;
    this.epoch = TimeUnit.MILLISECONDS.toNanos(wallMillis.getAsLong()) - clock.nanos();
  }

  /** Traces to the collector of the options, or none when they are off. */
  public static CallTraces of(TracingOptions options, Clock clock) {
    if (!options.enabled()) {
      return off();
    }
    SpanExporter exporter = OtlpHttpSpanExporter.builder()
        .setEndpoint(options.endpoint())
        .setTimeout(Duration.ofSeconds(5))
        .build();
    return to(exporter, clock, System::currentTimeMillis);
  }

  public static CallTraces off() {
    return new CallTraces(null, Clock.SYSTEM, System::currentTimeMillis);
  }

  static CallTraces to(SpanExporter exporter, Clock clock, LongSupplier wallMillis) {
    SdkTracerProvider provider = SdkTracerProvider.builder()
        .setResource(
            Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "voice-agent")))
        .setIdGenerator(new CallIds())
        .addSpanProcessor(
            BatchSpanProcessor.builder(exporter).setMaxQueueSize(QUEUE).build())
        .build();
    return new CallTraces(provider, clock, wallMillis);
  }

  /** Whether a {@code traceparent} should say that the trace is recorded. */
  public boolean enabled() {
    return tracer != null;
  }

  /** A user's turn is over; it began where the caller's speech ended. Instants are clock nanoseconds. */
  public void turnEnded(
      CallInfo call,
      TurnId turn,
      TurnOutcome outcome,
      @Nullable TurnTimeline timeline,
      long startedAt,
      long endedAt) {
    Tracer to = tracer;
    if (to == null) {
      return;
    }
    TraceContext self = TraceContext.ofTurn(call.id(), turn);
    SpanBuilder builder = to.spanBuilder("turn")
        .setParent(parent(TraceContext.ofCall(call.id())))
        .setAttribute(CALL, call.id().value())
        .setAttribute(TURN, (long) turn.value())
        .setAttribute(OUTCOME, outcome.label());
    if (timeline != null) {
      builder.setAttribute(FIRST_AUDIO, timeline.timeToFirstAudioMs());
    }
    record(builder, self, timeline == null ? startedAt : timeline.lastVoicedAt(), endedAt);
    if (timeline != null) {
      stages(to, parent(self), timeline);
    }
  }

  /** The call is over: the span that all its turns hang from. */
  public void callEnded(CallInfo call, EndReason reason, long startedAt, long endedAt) {
    Tracer to = tracer;
    if (to != null) {
      SpanBuilder builder = to.spanBuilder("call")
          .setNoParent()
          .setAttribute(CALL, call.id().value())
          .setAttribute(DIRECTION, call.direction().name().toLowerCase(Locale.ROOT))
          .setAttribute(REASON, reason.label());
      record(builder, TraceContext.ofCall(call.id()), startedAt, endedAt);
    }
  }

  @Override
  public void close() {
    if (provider != null) {
      provider.shutdown().join(2, TimeUnit.SECONDS);
    }
  }

  /** What is known from the caller's last word runs forward, what is known to the first audio runs backward. */
  private void stages(Tracer to, Context parent, TurnTimeline t) {
    long voiced = t.lastVoicedAt();
    stage(to, parent, Stage.ENDPOINTING, voiced, voiced + t.configuredNanos());
    stage(to, parent, Stage.STT_FINAL, t.finalAt() - t.sttNanos(), t.finalAt());
    long playout = t.playedAt() - t.playoutNanos();
    long tts = playout - t.ttsNanos();
    long segment = tts - t.segmentNanos();
    stage(to, parent, Stage.LLM_FIRST_TOKEN, segment - t.llmNanos(), segment);
    stage(to, parent, Stage.FIRST_SEGMENT, segment, tts);
    stage(to, parent, Stage.TTS_FIRST_AUDIO, tts, playout);
    stage(to, parent, Stage.PLAYOUT, playout, t.playedAt());
  }

  private void stage(Tracer to, Context parent, Stage stage, long from, long until) {
    if (until > from) {
      record(to.spanBuilder(stage.label()).setParent(parent), null, from, until);
    }
  }

  private void record(SpanBuilder builder, @Nullable TraceContext self, long from, long until) {
    builder.setStartTimestamp(epochNanos(from), TimeUnit.NANOSECONDS);
    Span span = CallIds.with(self, builder::startSpan);
    span.end(epochNanos(until), TimeUnit.NANOSECONDS);
  }

  /**
   * The wall clock has milliseconds only, and is set now and then: it is looked at again when it has moved, so that spans
   * of one call lie to each other as they happened.
   */
  private long epochNanos(long instant) {
    long now = TimeUnit.MILLISECONDS.toNanos(wallMillis.getAsLong()) - clock.nanos();
    if (Math.abs(now - epoch) > MAX_DRIFT_NANOS) {
      epoch = now;
    }
    return epoch + instant;
  }

  private static Context parent(TraceContext of) {
    SpanContext span = SpanContext.create(
        of.traceId(), of.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    return Context.root().with(Span.wrap(span));
  }

  /** Gives the spans of calls and turns the ids that follow from their identity; others get random ones. */
  private static final class CallIds implements IdGenerator {
    private static final ThreadLocal<@Nullable TraceContext> NEXT = new ThreadLocal<>();
    private final IdGenerator random = IdGenerator.random();

    /** The thread-local lives for one synchronous call; the library asks from inside it. */
    static Span with(@Nullable TraceContext ids, java.util.function.Supplier<Span> start) {
      NEXT.set(ids);
      try {
        return start.get();
      } finally {
        NEXT.remove();
      }
    }

    @Override
    public String generateSpanId() {
      TraceContext next = NEXT.get();
      return next == null ? random.generateSpanId() : next.spanId();
    }

    @Override
    public String generateTraceId() {
      TraceContext next = NEXT.get();
      return next == null ? random.generateTraceId() : next.traceId();
    }
  }
}
