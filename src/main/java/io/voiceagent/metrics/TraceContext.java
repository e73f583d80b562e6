package io.voiceagent.metrics;

import io.voiceagent.call.CallId;
import io.voiceagent.call.TurnId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A place in a call's trace. Computed from the call's identity instead of carried along: every stage and every node
 * arrives at the same ids without a context that would have to follow each frame, and whoever has a call SID finds its
 * trace.
 *
 * @param traceId 32 hex digits, one trace per call
 * @param spanId 16 hex digits
 */
public record TraceContext(String traceId, String spanId) {
  private static final HexFormat HEX = HexFormat.of();

  /** The span of the whole call. */
  public static TraceContext ofCall(CallId call) {
    byte[] hash = hash(call.value());
    return new TraceContext(HEX.formatHex(hash, 0, 16), HEX.formatHex(hash, 16, 24));
  }

  /** The span of one turn, child of the call's. */
  public static TraceContext ofTurn(CallId call, TurnId turn) {
    byte[] hash = hash(call.value());
    byte[] turnHash = hash(call.value() + '/' + turn.value());
    return new TraceContext(HEX.formatHex(hash, 0, 16), HEX.formatHex(turnHash, 16, 24));
  }

  /** The W3C header {@code traceparent} with which a tool or a provider may continue the trace. */
  public String traceparent(boolean sampled) {
    return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
