package io.voiceagent.stt.cartesia;

import io.voiceagent.call.Failure;

/** What Cartesia says, of either endpoint. */
sealed interface CartesiaSttEvent {
  /** The text since the last final. Its {@code duration} is not used: what it counts from is not documented. */
  record Transcript(boolean isFinal, String text) implements CartesiaSttEvent {}

  record FlushDone() implements CartesiaSttEvent {}

  record TurnStart() implements CartesiaSttEvent {}

  record TurnUpdate(String text) implements CartesiaSttEvent {}

  record TurnEagerEnd(String text) implements CartesiaSttEvent {}

  record TurnResume() implements CartesiaSttEvent {}

  record TurnEnd(String text) implements CartesiaSttEvent {}

  record Failed(Failure failure) implements CartesiaSttEvent {}

  /** Connected, done, or of a type that we do not know. */
  record Ignored() implements CartesiaSttEvent {}
}
