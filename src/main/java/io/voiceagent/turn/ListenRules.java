package io.voiceagent.turn;

import io.voiceagent.call.CallFact;

/** The caller's voice and words, until all words of a pause are here. */
final class ListenRules {
  /** A final this long after its turn was taken belongs to another. */
  private static final long LATEST_FINAL = 3_000_000_000L;

  private final CallState call;
  private final CallerSide caller;
  private final CallerWords words;
  private final Timers timers;

  ListenRules(CallState call) {
    this.call = call;
    caller = call.caller;
    words = call.words;
    timers = call.timers;
  }

  // ---- the voice

  void speechStarted(long onset) {
    caller.begins(onset);
    call.speculation.drop();
    timers.stop(Timer.REPROMPT, Timer.ENDPOINT);
    timers.start(Timer.FINAL_TRANSCRIPT, call.options.endpointing().maxUtterance());
    call.interruptions.voiceBegan();
  }

  void speechSustained(long onset) {
    if (!caller.speaking()) {
      speechStarted(onset);
    }
    caller.sustained = true;
    call.interruptions.byVoice();
  }

  void speechEnded(CallFact.SpeechEnded speech) {
    if (!caller.speaking()) {
      return;
    }
    caller.pauses(speech.lastVoicedAt(), call.now());
    call.interruptions.voiceEnded();
    awaitFinal();
    call.speculation.consider();
  }

  private void awaitFinal() {
    timers.start(Timer.FINAL_TRANSCRIPT, call.endpoint.finalWait(words.heardSoFar()));
    if (call.endpoint.asksForFinal()) {
      call.emit(new TurnEffect.FinalizeTranscript());
    }
  }

  // ---- the words, where we end the turn

  void interim(CallFact.InterimTranscript heard) {
    words.interim(heard.text());
    if (!heard.text().isBlank()) {
      call.interruptions.byInterim();
      call.speculation.consider();
    }
  }

  void finalTranscript(CallFact.FinalTranscript heard) {
    boolean known = words.seen(heard.seq()) || caller.silent() && words.repeats(heard.text());
    if (known || !guessed() && heard.text().isBlank()) {
      if (known) {
        call.emit(new TurnEffect.DuplicateDropped(heard));
      }
      return;
    }
    if (guessed() && lateFinal(heard)) {
      return;
    }
    if (!guessed()) {
      words.add(heard.text());
    }
    words.guessed("");
    caller.finalAt = call.now();
    call.interruptions.byFinal();
    if (caller.floor == CallerFloor.PAUSED) {
      timers.start(Timer.FINAL_TRANSCRIPT, call.options.endpointing().flushGrace());
    } else if (caller.silent() && call.agent.idle()) {
      if (call.now() - caller.releasedAt > LATEST_FINAL) {
        // Words without a voice that was detected: a very quiet caller.
        caller.spokeUnseen(call.now());
      }
      endOfWords();
    }
  }

  /** Whether the last turn was taken on words that its final may still change. */
  private boolean guessed() {
    return !words.guess().isEmpty() && call.now() - caller.finalAt <= LATEST_FINAL;
  }

  /** True when the final holds nothing that is still to be answered. Otherwise its new words are added. */
  private boolean lateFinal(CallFact.FinalTranscript heard) {
    String guess = words.guess();
    LateFinal verdict = LateFinal.of(guess, heard.text());
    switch (verdict) {
      case SAME -> words.guessed("");
      case PART -> words.guessed(LateFinal.beyond(heard.text(), guess));
      case LONGER -> words.addApart(LateFinal.beyond(guess, heard.text()));
      case CORRECTION -> {
        if (caller.silent() && call.taking.correct(guess, heard.text())) {
          words.guessed("");
          return true;
        }
        words.add(heard.text());
      }
      default -> words.add(heard.text());
    }
    boolean known = verdict == LateFinal.SAME || verdict == LateFinal.PART;
    if (known) {
      call.emit(new TurnEffect.DuplicateDropped(heard));
    }
    return known;
  }

  void flushed(CallFact.TranscriptFlushed done) {
    words.guessed("");
    if (caller.floor != CallerFloor.PAUSED || caller.flushed) {
      return;
    }
    caller.flushed = true;
    caller.finalAt = call.now();
    caller.sttNanos = done.providerNanos();
    endOfWords();
  }

  // ---- the words, where the provider ends the turn

  void providerTurnStarted() {
    if (!caller.speaking()) {
      speechStarted(call.now());
    }
    speechSustained(caller.onsetAt);
  }

  void providerEagerEnd(String text) {
    words.interim(text);
    call.speculation.consider();
  }

  void providerTurnResumed() {
    call.speculation.drop();
    if (caller.floor == CallerFloor.PAUSED) {
      timers.start(Timer.FINAL_TRANSCRIPT, call.endpoint.finalWait(""));
    }
  }

  void providerTurnEnded(CallFact.ProviderTurnEnded heard) {
    if (words.seen(heard.seq())) {
      call.emit(new TurnEffect.DuplicateDropped(heard));
      return;
    }
    words.addApart(heard.text());
    caller.finalAt = call.now();
    if (caller.floor != CallerFloor.PAUSED) {
      caller.pauses(call.now(), call.now());
    }
    caller.sttNanos = Math.max(0, call.now() - caller.releasedAt);
    if (!heard.text().isBlank()) {
      call.interruptions.byFinal();
    }
    endOfWords();
  }

  // ---- time

  /** Nothing final came in time. */
  void finalOverdue() {
    if (caller.speaking()) {
      // A voice without an end: noise, unless there were words.
      caller.pauses(call.now(), call.now());
      awaitFinal();
    } else if (caller.floor == CallerFloor.PAUSED) {
      words.acceptInterim();
      caller.flushed = true;
      caller.finalAt = call.now();
      caller.sttNanos = Math.max(0, call.now() - caller.releasedAt);
      endOfWords();
    }
  }

  /** All words of this pause are here. */
  private void endOfWords() {
    timers.stop(Timer.FINAL_TRANSCRIPT);
    if (words.said().isEmpty()) {
      call.taking.nothingSaid();
    } else if (!call.interruptions.wasNone(words.said())) {
      call.taking.takeOrWait();
    }
  }
}
