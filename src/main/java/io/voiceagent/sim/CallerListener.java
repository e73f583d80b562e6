package io.voiceagent.sim;

/** Watches a simulated call as it happens. */
public interface CallerListener {
  CallerListener NONE = new CallerListener() {};

  default void connected(String callSid) {}

  /** The caller begins to say this. */
  default void says(String text) {}

  /** A word of the agent was heard to its end; on the event loop of the call. */
  default void hears(String word) {}

  /** The agent's greeting was heard. */
  default void greeted(String text) {}

  /** A line and its answer are over. */
  default void answered(CallResult.Turn turn) {}
}
