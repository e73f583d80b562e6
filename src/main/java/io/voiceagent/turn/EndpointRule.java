package io.voiceagent.turn;

/** When the caller's turn is taken, once the voice has ended. Nanoseconds throughout. */
interface EndpointRule {
  /** How long after the release the final transcript may take before what is there counts. */
  long finalWait(String heardSoFar);

  /** How long to wait for more, once the words are here; 0: take the turn now. */
  long moreWait(String said);

  /** Whether the transcriber has to be asked for its final. */
  boolean asksForFinal();

  /** What the transcriber's answer takes, measured: 99 of 100 come within it. */
  void measured(long p99);
}
