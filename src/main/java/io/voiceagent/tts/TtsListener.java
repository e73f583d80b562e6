package io.voiceagent.tts;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Word;
import java.util.List;

/** Hears of one utterance. After {@link #done}, {@link #failed} or a cancellation nothing follows. */
public interface TtsListener {
  /** The text waited so long, in nanoseconds, before it was sent: our own queue, not the provider. */
  default void queued(long nanos) {}

  /** Headerless mu-law 8 kHz; not written to afterwards. */
  void audio(byte[] bytes);

  /** Sound was held up on our side until now: what is late of it is not the provider's. */
  default void heldUp() {}

  /** Where words lie, in milliseconds from the first audio of this stream. May come before or after their sound. */
  void words(List<Word> words);

  /** All audio of the oldest piece of text that had not ended has arrived. */
  void segmentEnded();

  /** All audio of all pieces has arrived. */
  void done();

  /** No more will come; what arrived is sound. Pieces that had not ended were not spoken whole. */
  void failed(Failure failure);
}
