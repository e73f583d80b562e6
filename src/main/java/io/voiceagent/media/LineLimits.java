package io.voiceagent.media;

import java.time.Duration;

/**
 * What one carrier's socket may bring: no more sound than time has passed, and messages at a rate that no carrier needs.
 * Whoever floods it costs the other calls of the event loop nothing but the reading. Pure.
 */
final class LineLimits {
  /** Mu-law at 8 kHz, and what two clocks may differ by. */
  private static final double BYTES_PER_SECOND = 8000 * 1.02;
  /** Sound that may come before its time, because clocks and networks jitter. */
  private static final int EARLY_BYTES = 3 * 8000;
  /** A carrier sends 50 a second of sound, and few others. */
  private static final double MESSAGES_PER_SECOND = 200;

  private final Bucket sound;
  private final Bucket messages;

  /** @param stall a network that stood still for so long delivers all of it at once */
  LineLimits(Duration stall, long now) {
    double seconds = stall.toMillis() / 1000.0;
    sound =
        new Bucket(BYTES_PER_SECOND, BYTES_PER_SECOND * seconds + EARLY_BYTES, EARLY_BYTES, now);
    double burst = MESSAGES_PER_SECOND * (seconds + 1);
    messages = new Bucket(MESSAGES_PER_SECOND, burst, burst, now);
  }

  /** False: the peer is no carrier, and its socket is to be closed. */
  boolean message(long now) {
    return messages.take(1, now);
  }

  /** False: this sound is beyond real time and is to be dropped. */
  boolean sound(int bytes, long now) {
    return sound.take(bytes, now);
  }
}
