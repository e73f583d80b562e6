package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnOutcome;
import java.util.Objects;

/** The ways out of a call. Each ends in one hang-up, or in none when the carrier left first. */
final class EndRules {
  private final CallState call;
  private final AgentSide agent;
  /** The model ends the call: hang up when its last words were heard. */
  private boolean whenHeard;

  private EndReason reason = EndReason.AGENT_HUNG_UP;

  EndRules(CallState call) {
    this.call = call;
    agent = call.agent;
  }

  /** The model wants the call to end after these words. */
  void afterWords(Utterance of, String text) {
    whenHeard = true;
    reason = EndReason.AGENT_HUNG_UP;
    call.timers.start(Timer.HANG_UP, call.options.hangUpTimeout());
    if (text.isBlank() && !of.audible) {
      agent.drop(of);
      call.closeUserTurn(TurnOutcome.ANSWERED);
      agent.floor = AgentFloor.CLOSING;
      call.answering.say(Utterance.Kind.GOODBYE, "Goodbye.", false);
    } else {
      call.answering.finishIfHeard(of);
    }
  }

  /** An utterance was heard to its end. True when it was the last one, and the call has ended. */
  boolean lastWordsHeard() {
    if (agent.floor != AgentFloor.CLOSING && !whenHeard) {
      return false;
    }
    hangUp(reason);
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
    Utterance newest = agent.newest();
    if (newest != null) {
      if (agent.audible()) {
        call.emit(new TurnEffect.Clear(newest.turn));
      }
      call.emit(new TurnEffect.Cancel(newest.turn));
      agent.abandon();
    }
    call.tools.cancel();
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
    if (agent.floor == AgentFloor.CLOSING || whenHeard) {
      hangUp(reason);
    }
  }

  void hangUp(EndReason why) {
    if (agent.floor != AgentFloor.ENDED) {
      over(agent.saysNothing() ? TurnOutcome.ANSWERED : TurnOutcome.INTERRUPTED);
      call.emit(new TurnEffect.HangUp(why));
    }
  }

  void carrierGone() {
    if (agent.floor != AgentFloor.ENDED) {
      over(TurnOutcome.INTERRUPTED);
    }
  }

  private void over(TurnOutcome outcome) {
    call.closeUserTurn(outcome);
    if (!agent.saysNothing()) {
      call.emit(new TurnEffect.Cancel(Objects.requireNonNull(agent.newest()).turn));
    }
    call.tools.cancel();
    agent.abandon();
    call.timers.stopAll();
    call.timers.stop(Timer.MAX_CALL);
    agent.floor = AgentFloor.ENDED;
  }

  /** Voice edges, keys and what a cancellation provokes are no late events. */
  void afterTheEnd(CallFact fact) {
    boolean counted = fact instanceof CallFact.OfTurn && !(fact instanceof CallFact.PlayoutCleared)
        || fact instanceof CallFact.FinalTranscript
        || fact instanceof CallFact.ProviderTurnEnded;
    if (counted) {
      call.emit(new TurnEffect.LateDropped(fact));
    }
  }
}
