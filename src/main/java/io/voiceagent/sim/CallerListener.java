package io.voiceagent.sim;

/** Watches a simulated call as it happens. */
public interface CallerListener {
  CallerListener NONE = new CallerListener() {};

  default void connected(String callSid) {}

  /** The caller begins to say this. */
  default void says(String text) {}

  /** The agent's greeting was heard. */
  default void greeted(String text) {}

  /** A line and its answer are over. */
  default void answered(CallResult.Turn turn) {}
}
