package io.voiceagent.call;

/** Item of the tts → media stream: sound, and the borders of segments within it. */
public sealed interface SpeechItem {
  /**
   * Headerless mu-law 8 kHz of any length; not written to after construction.
   *
   * @param takesBack so many of the bytes before it end within a word that is to be said anew: what has not left is not
   *     to be heard, and none of them counts
   */
  record Audio(byte[] bytes, int takesBack) implements SpeechItem {
    public Audio(byte[] bytes) {
      this(bytes, 0);
    }
  }

  /** Everything before this belongs to {@code segment} or an earlier one: a place for a carrier's mark. */
  record SegmentEnd(Segment segment) implements SpeechItem {}
}
