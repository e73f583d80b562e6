package io.voiceagent.turn;

/** What the caller does. */
enum CallerFloor {
  SILENT,
  SPEAKING,
  /** The voice has ended; the words are still to come. */
  PAUSED
}
