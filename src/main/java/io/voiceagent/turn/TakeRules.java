package io.voiceagent.turn;

import io.voiceagent.call.TurnOutcome;

/** From words to a turn of the caller that is answered: once, by one reply. */
final class TakeRules {
  /** "Yes" within this of the end of a question answers it. */
  private static final long ANSWER_NANOS = 1_000_000_000L;

  private final CallState call;
  private final CallerSide caller;
  private final CallerWords words;
  /** What is being answered, and not a word of the answer was heard: it can still grow. */
  private String answering = "";
  /** A turn was taken and lost its answer to more speech: it gets one, whatever that speech is. */
  private boolean owed;

  private boolean lastAsked;

  TakeRules(CallState call) {
    this.call = call;
    caller = call.caller;
    words = call.words;
  }

  // ---- taking

  /** The caller is silent and the words are here. */
  void takeOrWait() {
    long wait = call.endpoint.moreWait(words.said());
    if (wait > 0) {
      call.timers.start(Timer.ENDPOINT, wait);
    } else {
      take(0);
    }
  }

  /** The wait that the words asked for is over. */
  void waited() {
    if (!caller.speaking() && !words.said().isEmpty()) {
      take(Math.max(0, call.now() - caller.finalAt));
    }
  }

  /** Words from the keypad. */
  void byKeys(String text) {
    words.addApart(text);
    if (!caller.speaking()) {
      caller.spokeUnseen(call.now());
      caller.finalAt = call.now();
      take(0);
    }
  }

  /** Words that wait although nobody speaks. */
  void takeWaiting() {
    words.acceptInterim();
    take(Math.max(0, call.now() - caller.finalAt));
  }

  private void take(long waited) {
    call.timers.stop(
        Timer.FINAL_TRANSCRIPT, Timer.ENDPOINT, Timer.FALSE_INTERRUPTION, Timer.REPROMPT);
    caller.floor = CallerFloor.SILENT;
    if (!call.agent.idle() && !call.interruptions.giveWay()) {
      // Too few words to interrupt, or the agent may not be interrupted: answered when it is
      // through.
      if (call.bargeIn.backchannelOnly(words.said())) {
        words.setAside();
      }
      return;
    }
    call.interruptions.decided();
    call.silence.spoken();
    call.closeUserTurn(TurnOutcome.INTERRUPTED);
    owed = false;
    String said = words.take();
    answering = said;
    call.dialogue.user(said);
    call.userTurn = new UserTurn(
        caller.lastVoicedAt,
        caller.releasedAt,
        caller.finalAt,
        call.now(),
        caller.sttNanos,
        waited);
    call.answering.answer(said);
  }

  // ---- not taking

  /** A voice without words. */
  void nothingSaid() {
    caller.floor = CallerFloor.SILENT;
    words.forget();
    call.speculation.drop();
    // After an interruption its timer runs: it may have been none.
    if (!call.agent.idle() || call.interruptions.undecided()) {
      return;
    }
    if (owed) {
      owed = false;
      call.answering.generate();
    } else {
      call.emit(new TurnEffect.TurnEnded(call.agent.last(), TurnOutcome.NO_SPEECH, null, 0));
      call.silence.resume();
    }
  }

  /** The agent is through: whatever was said meanwhile is answered now, or the caller's silence begins. */
  void listen() {
    if (caller.silent() && answersTheQuestion()) {
      words.recall();
    }
    if (caller.silent() && !words.said().isEmpty()) {
      // Whoever may not be interrupted cannot answer earlier: that is a wait we were told to make.
      take(Math.max(0, call.now() - caller.finalAt));
    } else {
      call.silence.begin();
    }
  }

  private boolean answersTheQuestion() {
    return lastAsked
        && !words.aside().isEmpty()
        && call.now() - caller.lastVoicedAt <= ANSWER_NANOS;
  }

  void heard(Utterance of) {
    lastAsked = of.asks();
  }

  // ---- once taken

  /** The caller hears the answer, or it came to its end: the turn cannot grow any more. */
  void answered() {
    answering = "";
    owed = false;
  }

  /** It is fixed what is answered, but nobody has heard an answer yet. */
  void fixed() {
    answering = "";
  }

  /** The answer is dropped before a word of it was heard, because the caller goes on. */
  void takeBack() {
    if (!answering.isEmpty() && call.dialogue.takeBack(answering)) {
      words.addBefore(answering);
      call.userTurn = null;
    } else {
      owed = true;
    }
    answering = "";
  }

  boolean owed() {
    return owed;
  }

  /** The words of the last turn were others. False when they are nowhere. */
  boolean correct(String guess, String text) {
    String corrected = call.dialogue.correct(guess, text);
    if (corrected.isEmpty()) {
      return false;
    }
    Utterance reply = call.agent.main();
    if (reply != null && reply.reply() && !reply.audible && !answering.isEmpty()) {
      answering = corrected;
      call.answering.startAgain(reply);
    }
    return true;
  }
}
