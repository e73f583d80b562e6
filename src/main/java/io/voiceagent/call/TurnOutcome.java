package io.voiceagent.call;

import java.util.Locale;

/** How a user's turn ended: the label of {@code turns_total}. */
public enum TurnOutcome {
  ANSWERED,
  INTERRUPTED,
  FAILED,
  NO_SPEECH;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
