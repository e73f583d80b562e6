package io.voiceagent.audio;

import java.time.Duration;

/**
 * Voice activity of one call: frames in, edges out. Time is counted in frames; instants are those that came with them.
 *
 * <p>Speech starts after {@code attack} of voiced frames, is sustained once its length reaches {@code minSpeech}, and ends
 * after {@code release} without voice. Level-triggered: whoever missed an edge can ask {@link #speaking()}.
 */
public final class Vad {
  /** What a frame changed. Several edges may fall on one frame when {@code minSpeech} is not above the attack. */
  public interface Listener {
    /** {@code onsetAt}: arrival of the first voiced frame. */
    void started(long onsetAt);

    /** Sent once per speech. */
    void sustained(long onsetAt);

    /** {@code lastVoicedAt}: arrival of the last voiced frame. {@code voicedMs}: voiced frames in all. */
    void ended(long lastVoicedAt, int voicedMs);
  }

  private final VoiceDetector detector;
  private final int attackFrames;
  private final int releaseFrames;
  private final int minSpeechFrames;
  private final Listener listener;
  private final byte[] rest = new byte[AudioFrame.FRAME_BYTES];
  private int restBytes;
  private int run;
  private int silent;
  private int length;
  private int voicedFrames;
  private long onsetAt;
  private long lastVoicedAt;
  private boolean speaking;
  private boolean sustained;

  public Vad(
      VoiceDetector detector,
      Duration attack,
      Duration release,
      Duration minSpeech,
      Listener listener) {
    this.detector = detector;
    this.attackFrames = frames(attack);
    this.releaseFrames = frames(release);
    this.minSpeechFrames = frames(minSpeech);
    this.listener = listener;
  }

  /** Sound of any length, arrived at {@code at}. */
  public void accept(byte[] mulaw, long at) {
    int next = 0;
    while (next < mulaw.length) {
      if (restBytes == 0 && mulaw.length - next >= AudioFrame.FRAME_BYTES) {
        frame(detector.voiced(mulaw, next, AudioFrame.FRAME_BYTES, at), at);
        next += AudioFrame.FRAME_BYTES;
        continue;
      }
      int taken = Math.min(AudioFrame.FRAME_BYTES - restBytes, mulaw.length - next);
      System.arraycopy(mulaw, next, rest, restBytes, taken);
      restBytes += taken;
      next += taken;
      if (restBytes == AudioFrame.FRAME_BYTES) {
        restBytes = 0;
        frame(detector.voiced(rest, 0, AudioFrame.FRAME_BYTES, at), at);
      }
    }
  }

  public boolean speaking() {
    return speaking;
  }

  private void frame(boolean voiced, long at) {
    if (voiced) {
      run++;
      silent = 0;
      if (run == 1 && !speaking) {
        onsetAt = at;
        voicedFrames = 0;
      }
      voicedFrames++;
      lastVoicedAt = at;
    } else {
      run = 0;
      silent++;
    }
    if (!speaking && run >= attackFrames) {
      speaking = true;
      sustained = false;
      length = run - 1;
      listener.started(onsetAt);
    }
    if (speaking) {
      proceed();
    }
  }

  private void proceed() {
    length++;
    // The pause at the end is not speech: a short noise must not grow into an interruption while it
    // is released.
    if (!sustained && length - silent >= minSpeechFrames) {
      sustained = true;
      listener.sustained(onsetAt);
    }
    if (silent >= releaseFrames) {
      speaking = false;
      run = 0;
      listener.ended(lastVoicedAt, voicedFrames * AudioFrame.FRAME_MS);
    }
  }

  private static int frames(Duration duration) {
    return (int) Math.max(1, (duration.toMillis() + AudioFrame.FRAME_MS - 1) / AudioFrame.FRAME_MS);
  }
}
