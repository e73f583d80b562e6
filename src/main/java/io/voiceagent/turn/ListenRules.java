package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.TurnOutcome;

/** From the caller's voice and words to a turn that is to be answered. */
final class ListenRules {
  private final CallState call;
  private final CallerSide caller;
  private final Timers timers;
  private final TurnOptions.Endpointing options;
  private final EndpointRule endpoint;

  ListenRules(CallState call) {
    this.call = call;
    caller = call.caller;
    timers = call.timers;
    options = call.options.endpointing();
    endpoint = call.options.providerEndpoints() ? new ProviderEndpoint() : new OwnEndpoint(options);
  }

  // ---- the voice

  void speechStarted(long onset) {
    caller.onsetAt = onset;
    caller.sustained = false;
    caller.floor = CallerFloor.SPEAKING;
    timers.stop(Timer.REPROMPT, Timer.ENDPOINT, Timer.FALSE_INTERRUPTION);
    timers.start(Timer.FINAL_TRANSCRIPT, options.maxUtterance());
  }

  void speechSustained(long onset) {
    if (caller.floor != CallerFloor.SPEAKING) {
      speechStarted(onset);
    }
    caller.sustained = true;
    call.interruptions.byVoice();
  }

  void speechEnded(CallFact.SpeechEnded speech) {
    if (caller.floor != CallerFloor.SPEAKING) {
      return;
    }
    caller.lastVoicedAt = speech.lastVoicedAt();
    caller.releasedAt = call.now();
    caller.floor = CallerFloor.PAUSED;
    caller.flushed = false;
    call.interruptions.voiceEnded();
    timers.start(Timer.FINAL_TRANSCRIPT, options.finalTimeout());
    if (!call.options.providerEndpoints()) {
      call.emit(new TurnEffect.FinalizeTranscript());
    }
  }

  // ---- the words

  void interim(String text) {
    caller.interim = text;
    if (!text.isBlank()) {
      call.interruptions.byInterim();
    }
  }

  void finalTranscript(CallFact.FinalTranscript heard) {
    if (repeated(heard, heard.seq())) {
      return;
    }
    boolean whole = caller.nothingFinal()
        && !caller.lastWhole.isBlank()
        && heard.text().strip().equals(caller.lastWhole)
        && caller.floor == CallerFloor.SILENT;
    if (whole) {
      call.emit(new TurnEffect.DuplicateDropped(heard));
      return;
    }
    caller.addFinal(heard.text());
    caller.finalAt = call.now();
    if (heard.text().isBlank()) {
      return;
    }
    call.interruptions.byFinal();
    if (caller.floor == CallerFloor.PAUSED) {
      timers.start(Timer.FINAL_TRANSCRIPT, options.flushGrace());
    } else if (caller.floor == CallerFloor.SILENT && call.agent.idle()) {
      // Words without a voice that was detected: a very quiet caller.
      caller.spokeUnseen(call.now());
      endOfWords();
    }
  }

  void flushed(CallFact.TranscriptFlushed done) {
    if (caller.floor != CallerFloor.PAUSED || caller.flushed) {
      return;
    }
    caller.flushed = true;
    caller.finalAt = call.now();
    caller.sttNanos = done.providerNanos();
    endOfWords();
  }

  void providerTurnStarted() {
    if (caller.floor != CallerFloor.SPEAKING) {
      speechStarted(call.now());
    }
    speechSustained(caller.onsetAt);
  }

  void providerTurnEnded(CallFact.ProviderTurnEnded heard) {
    if (repeated(heard, heard.seq())) {
      return;
    }
    caller.addApart(heard.text());
    caller.finalAt = call.now();
    if (caller.floor != CallerFloor.PAUSED) {
      caller.lastVoicedAt = call.now();
      caller.releasedAt = call.now();
    }
    caller.sttNanos = Math.max(0, call.now() - caller.releasedAt);
    caller.floor = CallerFloor.PAUSED;
    if (call.agent.floor == AgentFloor.SPEAKING) {
      call.interruptions.byFinal();
    }
    endOfWords();
  }

  /** Nothing final came in time. */
  void finalOverdue() {
    if (caller.floor == CallerFloor.SPEAKING) {
      // A voice without an end: noise, unless there were words.
      caller.floor = CallerFloor.PAUSED;
      caller.lastVoicedAt = call.now();
      caller.releasedAt = call.now();
      timers.start(Timer.FINAL_TRANSCRIPT, options.finalTimeout());
      call.emit(new TurnEffect.FinalizeTranscript());
    } else if (caller.floor == CallerFloor.PAUSED) {
      if (caller.said().isEmpty() && !caller.interim.isBlank()) {
        caller.addFinal(caller.interim);
        caller.interim = "";
      }
      caller.flushed = true;
      caller.finalAt = call.now();
      caller.sttNanos = Math.max(0, call.now() - caller.releasedAt);
      endOfWords();
    }
  }

  // ---- the turn

  /** The wait that the words asked for is over. */
  void waited() {
    if (caller.floor != CallerFloor.SPEAKING && !caller.nothingFinal()) {
      commit(Math.max(0, call.now() - caller.finalAt));
    }
  }

  /** Words from the keypad. */
  void wordsByKeys(String text) {
    caller.addApart(text);
    caller.spokeUnseen(call.now());
    caller.finalAt = call.now();
    if (caller.floor != CallerFloor.SPEAKING) {
      commit(0);
    }
  }

  /** The agent is through. */
  void listen() {
    if (caller.floor == CallerFloor.SILENT && !caller.said().isEmpty()) {
      // Words that came while the agent could not be interrupted.
      caller.lastVoicedAt = Math.max(caller.lastVoicedAt, 1);
      caller.releasedAt = Math.max(caller.releasedAt, caller.lastVoicedAt);
      commit(0);
      return;
    }
    call.silence.arm();
  }

  private boolean repeated(CallFact heard, int seq) {
    if (seq <= caller.lastSeq) {
      call.emit(new TurnEffect.DuplicateDropped(heard));
      return true;
    }
    caller.lastSeq = seq;
    caller.interim = "";
    return false;
  }

  /** All words are here. Take the turn now, or after the wait that they ask for. */
  private void endOfWords() {
    timers.stop(Timer.FINAL_TRANSCRIPT);
    String said = caller.said();
    if (said.isEmpty()) {
      nothingSaid();
    } else if (!call.interruptions.wasNone(said)) {
      long wait = endpoint.waitNanos(said);
      if (wait > 0) {
        timers.start(Timer.ENDPOINT, wait);
      } else {
        commit(0);
      }
    }
  }

  /** A voice without words. */
  private void nothingSaid() {
    caller.floor = CallerFloor.SILENT;
    caller.clearWords();
    // After an interruption its timer runs: it may have been none.
    if (call.agent.idle() && !call.interruptions.undecided()) {
      call.emit(new TurnEffect.TurnEnded(call.agent.last(), TurnOutcome.NO_SPEECH, null, 0));
      call.silence.arm();
    }
  }

  /** The caller's turn is over: answer it. */
  private void commit(long waited) {
    timers.stop(Timer.ENDPOINT, Timer.FALSE_INTERRUPTION, Timer.REPROMPT);
    caller.floor = CallerFloor.SILENT;
    if (caller.said().isEmpty()) {
      caller.clearWords();
      if (call.agent.idle()) {
        call.silence.arm();
      }
      return;
    }
    if (call.agent.floor == AgentFloor.SPEAKING || call.agent.floor == AgentFloor.CLOSING) {
      // Words that were no interruption: too few, or the agent may not be interrupted. They join
      // the next turn.
      if (call.bargeIn.backchannelOnly(caller.said())) {
        caller.clearWords();
      }
      return;
    }
    if (call.agent.floor == AgentFloor.THINKING) {
      // More words of the turn that is being answered.
      call.interruptions.takeBack();
    }
    call.interruptions.decided();
    call.silence.spoken();
    String said = caller.said();
    caller.lastWhole = said;
    caller.clearWords();
    caller.answering = said;
    call.dialogue.user(said);
    call.userTurn = new UserTurn(
        caller.lastVoicedAt,
        caller.releasedAt,
        caller.finalAt,
        call.now(),
        caller.sttNanos,
        waited);
    call.answering.answer();
  }
}
