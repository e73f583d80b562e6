package io.voiceagent.tts;

import io.voiceagent.audio.AudioFrame;

/**
 * What a listener misses of a voice that owes sound and makes it slower than it is listened to. It is due at the pace of
 * speech from the first sound on; what came ahead of that bridges a delay. Pure.
 */
final class SoundDue {
  private static final long NANOS_PER_BYTE = 1_000_000 / AudioFrame.BYTES_PER_MS;

  private boolean begun;
  private boolean owing;
  private long lastsUntil;
  private long silentNanos;

  void came(long now, int bytes) {
    long silence = begun ? Math.max(0, now - lastsUntil) : 0;
    if (owing) {
      silentNanos += silence;
    }
    lastsUntil = (begun ? lastsUntil + silence : now) + bytes * NANOS_PER_BYTE;
    begun = true;
    owing = true;
  }

  /** Until the next sound comes, nothing is due: the voice has no text, or we kept it from being heard. */
  void waived() {
    owing = false;
    silentNanos = 0;
  }

  /** Silence within the sound since it was last waived. */
  long silentNanos() {
    return silentNanos;
  }
}
