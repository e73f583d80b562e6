package io.voiceagent.tts;

/** One utterance at the provider. */
public interface TtsStream {
  /** The next piece of text, in order; see {@link TtsListener#segmentEnded}. */
  void speak(String text);

  /** No more text follows. */
  void finish();

  /** Nothing more is wanted; the listener hears nothing more. Idempotent. */
  void cancel();

  /** As {@link #cancel}, of a voice that does not keep up: nothing else is trusted to the line that it came by. */
  void abandon();

  /** Sound is not wanted for now. The provider's socket, which others share, is stopped only as the last means. */
  void pause();

  void resume();
}
