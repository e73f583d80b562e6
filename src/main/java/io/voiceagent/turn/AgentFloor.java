package io.voiceagent.turn;

/** What the agent does. */
enum AgentFloor {
  IDLE,
  /** An utterance is ordered and not yet heard. */
  THINKING,
  SPEAKING,
  /** The last words are being said; then the call ends. */
  CLOSING,
  ENDED
}
