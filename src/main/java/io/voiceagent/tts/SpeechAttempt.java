package io.voiceagent.tts;

import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.Fallback;
import java.time.Duration;
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
  private final Clock clock;
  private final Owner owner;
  private final SoundDue due = new SoundDue();
  private int heardBytes;

  SpeechAttempt(Fallback.Choice<TtsProvider> choice, Pieces pieces, Clock clock, Owner owner) {
    this.choice = choice;
    this.pieces = pieces;
    this.baseMs = pieces.receivedMs();
    this.clock = clock;
    this.owner = owner;
  }

  void cancel() {
    if (heardBytes > 0 && due.silentNanos() == 0) {
      choice.permit().succeeded();
    } else {
      choice.permit().released();
    }
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
    heardBytes += bytes.length;
    pieces.received(bytes.length);
    due.came(clock.nanos(), bytes.length);
    owner.audioCame(bytes);
    if (current()) {
      refuseSlowness();
    }
  }

  @Override
  public void heldUp() {
    due.waived();
  }

  /** A voice that stops is the adapter's to notice; one that is slower than speech makes itself known by its sound. */
  private void refuseSlowness() {
    Duration limit = choice.entry().provider().nextAudioTimeout();
    if (due.silentNanos() > limit.toNanos()) {
      stream.abandon();
      failed(
          Kind.TIMEOUT, "slower than speech, by more than " + limit.toMillis() + " ms of silence");
    }
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
    if (due.silentNanos() == 0 && !choice.entry().breaker().closed()) {
      choice.permit().succeeded(); // A probe: others are waiting for its verdict.
    }
    owner.pieceEnded();
    if (pieces.awaited() == 0) {
      due.waived();
    }
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
    // Not before: a voice that breaks off every utterance does not speak as it should.
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
    public void abandon() {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }
}
