package io.voiceagent.call;

/** Item of the tts → media stream: sound, and the borders of segments within it. */
public sealed interface SpeechItem {
  /** Headerless mu-law 8 kHz of any length; not written to after construction. */
  record Audio(byte[] bytes) implements SpeechItem {}

  /** Everything before this belongs to {@code segment} or an earlier one: a place for a carrier's mark. */
  record SegmentEnd(Segment segment) implements SpeechItem {}
}
