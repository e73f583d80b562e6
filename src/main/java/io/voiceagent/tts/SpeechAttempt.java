package io.voiceagent.tts;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.Fallback;
import java.util.List;

/** One attempt to speak an utterance at one provider. What it says after it is no longer the current one is not heard. */
final class SpeechAttempt implements TtsListener {
  /** Whose attempt it is. */
  interface Owner {
    boolean current(SpeechAttempt which);

    void queued(long nanos);

    void audioCame(byte[] bytes);

    /** Words of piece {@code index} whose place is known now. */
    void wordsTimed(int index, List<Word> words);

    void pieceEnded();

    /** The provider has no more to say and owes nothing. */
    void finished();

    /** A piece is through: the next may go. */
    void pump();

    void failed(SpeechAttempt which, Failure failure);
  }

  final Fallback.Choice<TtsProvider> choice;
  /** Sound that had come before it. */
  final int baseMs;

  TtsStream stream = NoStream.NONE;
  /** The provider knows that no text follows. */
  boolean finished;

  private final Pieces pieces;
  private final Owner owner;
  private int heardBytes;

  SpeechAttempt(Fallback.Choice<TtsProvider> choice, Pieces pieces, Owner owner) {
    this.choice = choice;
    this.pieces = pieces;
    this.baseMs = pieces.receivedMs();
    this.owner = owner;
  }

  void cancel() {
    choice.permit().released();
    stream.cancel();
  }

  @Override
  public void queued(long nanos) {
    if (current()) {
      owner.queued(nanos);
    }
  }

  @Override
  public void audio(byte[] bytes) {
    if (!current()) {
      return;
    }
    choice.permit().succeeded();
    heardBytes += bytes.length;
    pieces.received(bytes.length);
    owner.audioCame(bytes);
  }

  @Override
  public void words(List<Word> words) {
    if (current()) {
      List<Word> known = pieces.timed(words, baseMs);
      if (!known.isEmpty()) {
        owner.wordsTimed(pieces.speaking(), known);
      }
    }
  }

  @Override
  public void segmentEnded() {
    if (!current() || pieces.awaited() == 0) {
      return;
    }
    if (!pieces.sounded(baseMs)) {
      stream.cancel();
      failed(Kind.EMPTY, "a text was answered without any audio");
      return;
    }
    owner.pieceEnded();
    owner.pump();
  }

  @Override
  public void done() {
    if (!current()) {
      return;
    }
    if (heardBytes == 0 && pieces.outstanding() > 0) {
      failed(Kind.EMPTY, "speech ended without any audio");
      return;
    }
    while (pieces.awaited() > 0) {
      owner.pieceEnded();
    }
    choice.permit().succeeded();
    owner.finished();
  }

  @Override
  public void failed(Failure failure) {
    if (current()) {
      owner.failed(this, failure);
    }
  }

  private void failed(Kind kind, String detail) {
    owner.failed(this, new Failure(Stage.TTS, kind, detail));
  }

  private boolean current() {
    return owner.current(this);
  }

  /** Before a provider answered. */
  private enum NoStream implements TtsStream {
    NONE;

    @Override
    public void speak(String text) {}

    @Override
    public void finish() {}

    @Override
    public void cancel() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }
}
