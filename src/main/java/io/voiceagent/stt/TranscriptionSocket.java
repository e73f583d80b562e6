package io.voiceagent.stt;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.resilience.Fallback;

/** One socket of a transcription: its words as facts. What it says after it is no longer the current one is not heard. */
final class TranscriptionSocket implements SttListener {
  /** Whose socket it is. */
  interface Owner {
    boolean current(TranscriptionSocket which);

    void opened(TranscriptionSocket which);

    void drained();

    /** Audio of the call so far. */
    long heardBytes();

    /** A final came: audio of some time ago need not be kept. */
    void transcribed();

    /** The oldest finalize is answered; false when there was none. */
    boolean flushed();

    void lost(TranscriptionSocket which, Failure failure);

    void tell(CallFact fact);
  }

  final Fallback.Choice<SttProvider> choice;
  final boolean endpoints;
  SttStream stream = NoStream.NONE;
  boolean open;
  long openedAt;
  /** Audio that waited for this socket: more than the ring holds, and still wanted. */
  int replaying;

  /** It gave a final or a flush, so that what comes is a new outage; interims alone may go round for ever. */
  boolean progressed;

  long finalizedAt;

  private final ToldWords words;
  private final Clock clock;
  private final Owner owner;

  TranscriptionSocket(
      Fallback.Choice<SttProvider> choice, ToldWords words, Clock clock, Owner owner) {
    this.choice = choice;
    this.endpoints = choice.entry().provider().endpoints();
    this.words = words;
    this.clock = clock;
    this.owner = owner;
  }

  @Override
  public void opened() {
    if (!current()) {
      stream.close();
      return;
    }
    open = true;
    openedAt = clock.nanos();
    choice.permit().succeeded();
    owner.opened(this);
  }

  @Override
  public void drained() {
    if (current()) {
      owner.drained();
    }
  }

  @Override
  public void interim(String text) {
    if (!current()) {
      return;
    }
    // At the endpoint that ends turns, all of the turn so far comes again and again.
    String fresh = endpoints ? words.turnSoFar(text) : words.interim(text);
    if (!fresh.isBlank()) {
      owner.tell(new CallFact.InterimTranscript(clock.nanos(), fresh, words.before()));
    }
  }

  @Override
  public void finalText(String text) {
    if (!current()) {
      return;
    }
    progressed = true;
    if (words.repeated(text, owner.heardBytes())) {
      // Under the number that was consumed: the machine drops and counts it.
      owner.tell(new CallFact.FinalTranscript(clock.nanos(), words.lastSeq(), text));
      return;
    }
    String fresh = words.finalText(text, owner.heardBytes());
    owner.transcribed();
    if (!fresh.isBlank()) {
      owner.tell(new CallFact.FinalTranscript(clock.nanos(), words.nextSeq(), fresh));
    }
  }

  @Override
  public void flushed() {
    if (!current()) {
      return;
    }
    progressed = true;
    if (owner.flushed()) {
      long now = clock.nanos();
      owner.tell(new CallFact.TranscriptFlushed(now, now - finalizedAt, words.before()));
    }
  }

  @Override
  public void turnStarted() {
    if (current()) {
      owner.tell(new CallFact.ProviderTurnStarted(clock.nanos(), words.before()));
    }
  }

  @Override
  public void turnEagerEnd(String text) {
    if (current()) {
      owner.tell(
          new CallFact.ProviderTurnEagerEnd(clock.nanos(), words.turnSoFar(text), words.before()));
    }
  }

  @Override
  public void turnResumed() {
    if (current()) {
      owner.tell(new CallFact.ProviderTurnResumed(clock.nanos(), words.before()));
    }
  }

  /** Also without a new word: that a turn began was told, and its end must be. */
  @Override
  public void turnEnded(String text) {
    if (current()) {
      progressed = true;
      String fresh = words.turn(text, owner.heardBytes());
      owner.transcribed();
      owner.tell(new CallFact.ProviderTurnEnded(clock.nanos(), words.nextSeq(), fresh));
    }
  }

  @Override
  public void failed(Failure failure) {
    owner.lost(this, failure);
  }

  private boolean current() {
    return owner.current(this);
  }

  /** Before a provider answered. */
  private enum NoStream implements SttStream {
    NONE;

    @Override
    public void write(byte[] mulaw) {}

    @Override
    public boolean full() {
      return true;
    }

    @Override
    public void finalizeTranscript() {}

    @Override
    public void close() {}
  }
}
