package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnOutcome;
import org.jspecify.annotations.Nullable;

/** The ways out of a call. Each ends in one hang-up, or in none when the carrier left first. */
final class EndRules {
  private final CallState call;
  private final AgentSide agent;
  private EndReason reason = EndReason.AGENT_HUNG_UP;

  EndRules(CallState call) {
    this.call = call;
    agent = call.agent;
  }

  /** The model wants the call to end after these words. */
  void afterWords(Utterance of, EndReason why) {
    if (of.silent()) {
      agent.drop(of);
      call.closeUserTurn(TurnOutcome.ANSWERED);
      close(call.options.goodbye(), why);
    } else {
      endsCall(of, why);
      call.answering.finishIfHeard(of);
    }
  }

  /** When {@code of} was heard the call is over, or after the cap. */
  void endsCall(Utterance of, @Nullable EndReason why) {
    if (why != null) {
      of.endsCall = why;
      reason = why;
      call.timers.start(Timer.HANG_UP, call.options.hangUpTimeout());
    }
  }

  /** The last words were interrupted: whoever has something to say is not hung up on. */
  void stay(Utterance of) {
    if (of.endsCall != null) {
      call.timers.stop(Timer.HANG_UP);
      call.tools.stays(of);
    }
  }

  /** An utterance was heard to its end. True when it was the last one, and the call has ended. */
  boolean lastWordsHeard(Utterance of) {
    if (agent.floor == AgentFloor.CLOSING) {
      hangUp(reason);
    } else if (of.endsCall != null) {
      hangUp(of.endsCall);
    } else {
      return false;
    }
    return true;
  }

  /** Nothing helps any more: say so, and end. */
  void giveUp() {
    if (agent.floor != AgentFloor.CLOSING) {
      call.closeUserTurn(TurnOutcome.FAILED);
      close(call.options.farewell(), EndReason.FAILED);
    }
  }

  /** Says {@code words} and hangs up when they were heard, or after the cap. */
  void close(String words, EndReason why) {
    call.speculation.drop();
    call.interruptions.decided();
    call.answering.abandonAll();
    call.closeUserTurn(TurnOutcome.INTERRUPTED);
    call.timers.stopAll();
    agent.floor = AgentFloor.CLOSING;
    reason = why;
    call.timers.start(Timer.HANG_UP, call.options.hangUpTimeout());
    if (words.isBlank()) {
      hangUp(why);
    } else {
      call.answering.say(Utterance.Kind.GOODBYE, words, false);
    }
  }

  /** The last words took too long. */
  void overdue() {
    hangUp(reason);
  }

  void hangUp(EndReason why) {
    if (agent.floor != AgentFloor.ENDED) {
      Utterance last = agent.main();
      boolean speechless = why == EndReason.FAILED && last != null && !last.audible;
      over(last == null || last.played ? TurnOutcome.ANSWERED : TurnOutcome.INTERRUPTED);
      call.emit(new TurnEffect.HangUp(speechless ? EndReason.SPEECHLESS : why));
    }
  }

  void carrierGone() {
    if (agent.floor != AgentFloor.ENDED) {
      over(TurnOutcome.INTERRUPTED);
    }
  }

  private void over(TurnOutcome outcome) {
    call.closeUserTurn(outcome);
    call.speculation.drop();
    if (!agent.saysNothing()) {
      call.emit(new TurnEffect.Cancel(agent.last()));
    }
    call.tools.cancel();
    agent.abandon();
    call.timers.stopAll();
    call.timers.stop(Timer.MAX_CALL);
    agent.floor = AgentFloor.ENDED;
  }

  void afterTheEnd(CallFact fact) {
    if (TurnMachine.countsWhenLate(fact)) {
      call.emit(new TurnEffect.LateDropped(fact));
    }
  }
}
