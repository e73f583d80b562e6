package io.voiceagent.media;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.TurnId;

/** One turn's audio, and how far it is. */
final class PlayedUtterance {
  final TurnId turn;
  /** The first sound of any other turn cuts it. */
  final boolean givesWay;
  /** There was sound of it. */
  boolean sounded;
  /** Some of it was sent. */
  boolean started;
  /** No more of it will come. */
  boolean complete;

  long sentBytes;
  int ackedMs;

  PlayedUtterance(TurnId turn, boolean givesWay) {
    this.turn = turn;
    this.givesWay = givesWay;
  }

  int sentMs() {
    return (int) (sentBytes / AudioFrame.BYTES_PER_MS);
  }
}
