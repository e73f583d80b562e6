package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.TurnOutcome;

/** The agent's utterances, from the order to the last word heard. */
final class AnswerRules {
  private final CallState call;
  private final AgentSide agent;
  private final Timers timers;
  private final TurnOptions options;
  /** Answers that came to nothing, in a row. */
  private int failures;

  AnswerRules(CallState call) {
    this.call = call;
    agent = call.agent;
    timers = call.timers;
    options = call.options;
  }

  // ---- orders

  /** The caller's turn was taken. */
  void answer() {
    if (!options.fillerAfter().isZero() && !options.fillerText().isBlank()) {
      timers.start(Timer.FILLER, options.fillerAfter());
    }
    generate();
  }

  void generate() {
    Utterance reply = agent.add(Utterance.Kind.REPLY, true);
    agent.floor = AgentFloor.THINKING;
    timers.start(Timer.THINKING, options.thinkingTimeout());
    call.emit(new TurnEffect.Generate(reply.turn, call.dialogue.messages()));
  }

  void say(Utterance.Kind kind, String text, boolean interruptible) {
    Utterance said = agent.add(kind, interruptible);
    said.whole(text);
    if (agent.floor != AgentFloor.CLOSING) {
      agent.floor = AgentFloor.THINKING;
      timers.start(Timer.THINKING, options.thinkingTimeout());
    }
    call.emit(new TurnEffect.Say(said.turn, text, kind != Utterance.Kind.REST));
  }

  void fillerDue() {
    Utterance reply = agent.newest();
    if (agent.floor == AgentFloor.THINKING
        && reply != null
        && reply.kind == Utterance.Kind.REPLY
        && call.userTurn != null
        && call.userTurn.firstAudioAt == 0) {
      Utterance filler = agent.add(Utterance.Kind.FILLER, true);
      filler.whole(options.fillerText());
      call.emit(new TurnEffect.Say(filler.turn, options.fillerText(), true));
    }
  }

  // ---- facts of an utterance that is live

  void fact(Utterance of, CallFact.OfTurn fact) {
    if (agent.floor == AgentFloor.SPEAKING) {
      timers.start(Timer.PLAYOUT, options.playoutTimeout());
    }
    if (fact instanceof CallFact.FirstToken token) {
      if (call.userTurn != null && call.userTurn.llmNanos == 0) {
        call.userTurn.llmNanos = token.providerNanos();
      }
    } else if (fact instanceof CallFact.SegmentQueued queued) {
      of.queued(queued.index(), queued.text());
      if (queued.index() == 0 && call.userTurn != null && of.kind == Utterance.Kind.REPLY) {
        call.userTurn.segmentNanos = queued.waitNanos();
      }
    } else if (fact instanceof CallFact.FirstAudio audio) {
      firstAudio(of, audio);
    } else if (fact instanceof CallFact.SegmentSpoken spoken) {
      of.spoken(spoken.segment());
    } else if (fact instanceof CallFact.PlayoutStarted) {
      playoutStarted(of);
    } else if (fact instanceof CallFact.Heard heard) {
      of.heard(heard.heardMs());
    } else if (fact instanceof CallFact.PlayoutEnded ended) {
      of.heard(ended.heardMs());
      of.played = true;
      finishIfHeard(of);
    } else if (fact instanceof CallFact.ReplyCompleted reply) {
      replyCompleted(of, reply);
    } else if (fact instanceof CallFact.ReplyFailed failed) {
      replyFailed(of, failed);
    } else if (fact instanceof CallFact.SpeechCompleted speech) {
      speechCompleted(of, speech);
    } else if (fact instanceof CallFact.SpeechFailed failed) {
      speechFailed(of, failed);
    }
  }

  private void firstAudio(Utterance of, CallFact.FirstAudio audio) {
    UserTurn turn = call.userTurn;
    if (turn != null && of.kind == Utterance.Kind.REPLY && turn.firstAudioAt == 0) {
      turn.ttsNanos = audio.providerNanos();
      turn.firstAudioAt = call.now();
    }
  }

  private void playoutStarted(Utterance of) {
    of.audible = true;
    timers.stop(Timer.THINKING, Timer.FILLER);
    if (agent.floor == AgentFloor.THINKING) {
      agent.floor = AgentFloor.SPEAKING;
    }
    timers.start(Timer.PLAYOUT, options.playoutTimeout());
    UserTurn turn = call.userTurn;
    if (turn != null && turn.timeline == null && of.kind == Utterance.Kind.REPLY) {
      call.emit(new TurnEffect.FirstAudioHeard(turn.played(of.turn, call.now())));
      call.caller.answering = "";
      failures = 0;
    }
    call.interruptions.agentBegan();
  }

  private void replyCompleted(Utterance of, CallFact.ReplyCompleted reply) {
    if (of.complete) {
      call.emit(new TurnEffect.LateDropped(reply));
      return;
    }
    of.whole(reply.text());
    call.caller.answering = "";
    if (!reply.toolCalls().isEmpty()) {
      call.tools.asked(of, reply);
    } else if (reply.text().isBlank()) {
      stumble(of);
    } else {
      finishIfHeard(of);
    }
  }

  private void replyFailed(Utterance of, CallFact.ReplyFailed failed) {
    if (of.complete) {
      call.emit(new TurnEffect.LateDropped(failed));
    } else if (!failed.text().isBlank() || of.audible) {
      // What was written is spoken; then the caller hears that there is no more.
      of.whole(failed.text());
      of.broken = true;
      finishIfHeard(of);
    } else if (fatal(failed.failure())) {
      agent.drop(of);
      call.ending.giveUp();
    } else {
      stumble(of);
    }
  }

  private void speechCompleted(Utterance of, CallFact.SpeechCompleted speech) {
    if (speech.audioMs() == 0 && !of.audible && of.complete && call.tools.idle()) {
      of.played = true;
      if (of.kind == Utterance.Kind.REPLY) {
        stumble(of);
      } else {
        finishIfHeard(of);
      }
    }
  }

  private void speechFailed(Utterance of, CallFact.SpeechFailed failed) {
    call.emit(new TurnEffect.Cancel(of.turn));
    if (of.audible) {
      // The carrier still plays what it has; its end finishes the turn.
      of.complete = true;
      of.broken = true;
      finishIfHeard(of);
    } else if (of.kind == Utterance.Kind.APOLOGY
        || of.kind == Utterance.Kind.GOODBYE
        || fatal(failed.failure()) && of.kind != Utterance.Kind.GREETING) {
      call.ending.hangUp(EndReason.FAILED);
    } else {
      stumble(of);
    }
  }

  // ---- ends

  /** An utterance that is complete and was played to its end is over. */
  void finishIfHeard(Utterance of) {
    if (!of.complete || !of.played || !call.tools.idle() && of == agent.newest()) {
      return;
    }
    agent.drop(of);
    if (of.kind != Utterance.Kind.FILLER && !of.logged) {
      call.dialogue.agent(of.whole().isBlank() || of.broken ? of.heardText() : of.whole());
    }
    if (call.ending.lastWordsHeard() || !agent.saysNothing()) {
      return;
    }
    if (of.kind == Utterance.Kind.REPLY) {
      call.closeUserTurn(of.broken ? TurnOutcome.FAILED : TurnOutcome.ANSWERED);
    }
    call.toIdle();
    if (of.broken && ++failures < options.maxFailures()) {
      say(Utterance.Kind.APOLOGY, options.apology(), true);
      return;
    }
    call.listening.listen();
  }

  /** This utterance came to nothing: apologise, and end the call when that happens too often. */
  void stumble(Utterance of) {
    agent.drop(of);
    call.caller.answering = "";
    if (of.kind == Utterance.Kind.FILLER) {
      return;
    }
    call.closeUserTurn(TurnOutcome.FAILED);
    if (++failures >= options.maxFailures()) {
      call.ending.giveUp();
    } else {
      say(Utterance.Kind.APOLOGY, options.apology(), true);
    }
  }

  void thinkingOverdue() {
    Utterance newest = agent.newest();
    if (agent.floor != AgentFloor.THINKING || newest == null) {
      return;
    }
    call.emit(new TurnEffect.Cancel(newest.turn));
    call.tools.cancel();
    Utterance main = newest;
    for (Utterance of : agent.all()) {
      if (of.kind != Utterance.Kind.FILLER) {
        main = of;
      }
    }
    if (agent.audible()) {
      call.emit(new TurnEffect.Clear(newest.turn));
    }
    agent.abandon();
    stumble(main);
  }

  void playoutOverdue() {
    Utterance of = agent.newest();
    if (agent.floor == AgentFloor.SPEAKING && of != null) {
      call.emit(new TurnEffect.Clear(of.turn));
      call.emit(new TurnEffect.Cancel(of.turn));
      agent.abandon();
      call.tools.cancel();
      call.closeUserTurn(TurnOutcome.FAILED);
      call.toIdle();
      call.listening.listen();
    }
  }

  private static boolean fatal(Failure failure) {
    return failure.kind() == Failure.Kind.UNAUTHORIZED
        || failure.kind() == Failure.Kind.OUT_OF_MONEY;
  }
}
