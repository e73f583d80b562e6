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
  REJECTED,
  /** {@link #FAILED}, and the caller could not even be told: the carrier's own voice says the farewell. */
  SPEECHLESS;

  /** What of {@code farewell} the carrier is to say when the call has ended so. */
  public String lastWords(String farewell) {
    return this == SPEECHLESS ? farewell : "";
  }

  /** From a small fixed set. */
  public String label() {
    return (this == SPEECHLESS ? FAILED : this).name().toLowerCase(java.util.Locale.ROOT);
  }
}
