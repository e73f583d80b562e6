package io.voiceagent.turn;

/** The waits of a call. Starting one that runs replaces it. */
public enum Timer {
  /** The final transcript did not come after the release. */
  FINAL_TRANSCRIPT,
  /** A configured wait before the turn is taken (after "and", digits in a row ...). */
  ENDPOINT,
  /** An interruption without words: was it one? */
  FALSE_INTERRUPTION,
  /** The model or the voice shows no sign of life while the agent thinks. */
  THINKING,
  /** Something to say while the caller waits. */
  FILLER,
  /** The caller is silent after the agent was heard. */
  REPROMPT,
  /** Digits are being typed. */
  DIGITS,
  /** No mark comes back for what was sent. */
  PLAYOUT,
  /** The goodbye is being heard. */
  HANG_UP,
  /** The longest a call may last. */
  MAX_CALL
}
