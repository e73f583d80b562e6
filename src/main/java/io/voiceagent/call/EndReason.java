package io.voiceagent.call;

/** Why a call ended: the label of {@code calls_ended_total}. */
public enum EndReason {
  CALLER_HUNG_UP,
  AGENT_HUNG_UP,
  CARRIER_LOST,
  SILENCE,
  MAX_DURATION,
  OPERATOR,
  DRAIN,
  FAILED,
  REJECTED;

  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
