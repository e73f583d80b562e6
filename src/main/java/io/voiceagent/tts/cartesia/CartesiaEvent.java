package io.voiceagent.tts.cartesia;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Word;
import java.util.List;

/** What Cartesia says on the socket. {@code context} is empty when the event names none. */
sealed interface CartesiaEvent {
  String context();

  record Chunk(String context, byte[] audio) implements CartesiaEvent {}

  record Timestamps(String context, List<Word> words) implements CartesiaEvent {}

  record FlushDone(String context, int flushId) implements CartesiaEvent {}

  record Done(String context) implements CartesiaEvent {}

  record Failed(String context, Failure failure) implements CartesiaEvent {}

  /** A type that we do not know: to be ignored. */
  record Unknown(String context) implements CartesiaEvent {}
}
