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
  /** Sent, and taken back too late: no part of what was said. */
  private long strayBytes;

  private long strayFrom;

  PlayedUtterance(TurnId turn, boolean givesWay) {
    this.turn = turn;
    this.givesWay = givesWay;
  }

  /** The latest {@code bytes} of what was sent. */
  void stray(long bytes) {
    strayBytes += bytes;
    strayFrom = sentBytes - bytes;
  }

  int sentMs() {
    return saidMs(sentBytes);
  }

  /** How much of what was to be said is in the first {@code played} bytes. */
  int saidMs(long played) {
    long said = played <= strayFrom ? played : Math.max(strayFrom, played - strayBytes);
    return (int) (said / AudioFrame.BYTES_PER_MS);
  }
}
