package io.voiceagent.metrics;

import io.prometheus.metrics.tracer.common.SpanContext;
import io.voiceagent.call.CallId;
import io.voiceagent.call.TurnId;
import org.jspecify.annotations.Nullable;

/**
 * Tells the registry which turn a sample belongs to. The registry asks on the recording thread, so the identity is held
 * by that thread for exactly the duration of one recording and never across a callback.
 */
final class Exemplars implements SpanContext {
  private static final ThreadLocal<@Nullable TraceContext> RECORDING = new ThreadLocal<>();

  static void during(CallId call, TurnId turn, Runnable record) {
    RECORDING.set(TraceContext.ofTurn(call, turn));
    try {
      record.run();
    } finally {
      RECORDING.remove();
    }
  }

  @Override
  public @Nullable String getCurrentTraceId() {
    TraceContext context = RECORDING.get();
    return context == null ? null : context.traceId();
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    TraceContext context = RECORDING.get();
    return context == null ? null : context.spanId();
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return RECORDING.get() != null;
  }

  @Override
  public void markCurrentSpanAsExemplar() {}
}
