package io.voiceagent.media;

import io.voiceagent.audio.AudioFrame;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The caller's latest speech, for a transcriber that takes over from one that is lost. Silence is let go, so that a call
 * in which nobody speaks holds next to nothing.
 */
final class SpokenAudio {
  /** What precedes the detected onset of a word. */
  private static final long PRE_ROLL_NANOS = 500_000_000L;
  /** Longer than it takes to notice that a node is gone. */
  private static final long AFTER_NANOS = 4_000_000_000L;

  private static final int MAX_BYTES = 20_000 * AudioFrame.BYTES_PER_MS;

  private final ArrayDeque<AudioFrame> frames = new ArrayDeque<>();
  private int bytes;
  private boolean speaking;
  private long endedAt = Long.MIN_VALUE / 2;

  void speaking(boolean on, long now) {
    speaking = on;
    endedAt = on ? endedAt : now;
  }

  void add(AudioFrame frame) {
    frames.add(frame);
    bytes += frame.bytes().length;
    boolean recent = speaking || frame.at() - endedAt < AFTER_NANOS;
    while (bytes > MAX_BYTES || !recent && frame.at() - frames.element().at() > PRE_ROLL_NANOS) {
      bytes -= frames.remove().bytes().length;
    }
  }

  /** What arrived at {@code from} or later, oldest first. */
  List<AudioFrame> since(long from) {
    return frames.stream().filter(frame -> frame.at() - from >= 0).toList();
  }
}
