package io.voiceagent.media;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.TurnId;
import java.util.ArrayList;
import java.util.List;

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
  private final List<Stray> strays = new ArrayList<>();

  /** Sent, and taken back too late: no part of what was said. One at most for each attempt to speak. */
  private record Stray(long from, long bytes) {}

  PlayedUtterance(TurnId turn, boolean givesWay) {
    this.turn = turn;
    this.givesWay = givesWay;
  }

  /** The latest {@code bytes} of what was sent. */
  void stray(long bytes) {
    if (bytes > 0) {
      strays.add(new Stray(sentBytes - bytes, bytes));
    }
  }

  int sentMs() {
    return saidMs(sentBytes);
  }

  /** How much of what was to be said is in the first {@code played} bytes. */
  int saidMs(long played) {
    long said = played;
    for (Stray stray : strays) {
      said -= Math.max(0, Math.min(stray.bytes, played - stray.from));
    }
    return (int) (said / AudioFrame.BYTES_PER_MS);
  }
}
