package io.voiceagent.turn;

/** How long to wait, once the words are here, before the caller's turn is taken. */
interface EndpointRule {
  /** Nanoseconds; 0: take it now. */
  long waitNanos(String text);
}
