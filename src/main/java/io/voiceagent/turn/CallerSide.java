package io.voiceagent.turn;

/** The caller's voice: who hears it when, and since when it is silent. Instants in nanoseconds. */
final class CallerSide {
  CallerFloor floor = CallerFloor.SILENT;
  /** Arrival of the first voiced frame of the speech that runs or ran. */
  long onsetAt;

  long lastVoicedAt;
  long releasedAt;
  /** The transcript that covers the speech was here. */
  long finalAt;
  /** The provider's part of the wait for it. */
  long sttNanos;
  /** The speech that runs has lasted long enough to interrupt. */
  boolean sustained;
  /** The speech that runs was taken for noise: its words interrupt, its voice does not. */
  boolean discounted;
  /** The transcriber has answered the finalize of this pause. */
  boolean flushed;

  final CallerWords words;

  CallerSide(CallerWords words) {
    this.words = words;
  }

  boolean silent() {
    return floor == CallerFloor.SILENT;
  }

  boolean speaking() {
    return floor == CallerFloor.SPEAKING;
  }

  void begins(long onset) {
    onsetAt = onset;
    sustained = false;
    discounted = false;
    flushed = false;
    floor = CallerFloor.SPEAKING;
  }

  void pauses(long voicedUntil, long now) {
    lastVoicedAt = voicedUntil;
    releasedAt = now;
    floor = CallerFloor.PAUSED;
    flushed = false;
  }

  /** Words by another way than a voice that was detected: they are here now. */
  void spokeUnseen(long now) {
    lastVoicedAt = now;
    releasedAt = now;
    sttNanos = 0;
  }

  /** It goes on without words: noise. */
  void discount() {
    if (floor == CallerFloor.SPEAKING) {
      sustained = false;
      discounted = true;
    } else {
      floor = CallerFloor.SILENT;
    }
  }
}
