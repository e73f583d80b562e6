package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;

/** What the model, the voice and the carrier tell of an utterance that is live. */
final class UtteranceRules {
  private final CallState call;

  UtteranceRules(CallState call) {
    this.call = call;
  }

  void fact(Utterance of, CallFact.OfTurn fact) {
    if (call.agent.floor == AgentFloor.SPEAKING) {
      call.timers.start(Timer.PLAYOUT, call.options.playoutTimeout());
    }
    if (fact instanceof CallFact.PlayoutStarted) {
      playoutStarted(of);
    } else if (fact instanceof CallFact.Heard heard) {
      of.heard(heard.heardMs());
      of.playsOn(call.now());
    } else if (fact instanceof CallFact.PlayoutEnded ended) {
      of.heard(ended.heardMs());
      of.played = true;
      nextPlays();
      call.answering.finishIfHeard(of);
    } else if (fact instanceof CallFact.ReplyCompleted reply) {
      replyCompleted(of, reply);
    } else if (fact instanceof CallFact.ReplyFailed failed) {
      replyFailed(of, failed);
    } else if (fact instanceof CallFact.SpeechCompleted speech) {
      speechCompleted(of, speech);
    } else if (fact instanceof CallFact.SpeechFailed failed) {
      speechFailed(of, failed);
    } else {
      onTheWay(of, fact);
    }
  }

  private void onTheWay(Utterance of, CallFact.OfTurn fact) {
    UserTurn turn = of.reply() ? call.userTurn : null;
    if (fact instanceof CallFact.SegmentQueued queued) {
      of.queued(queued.index(), queued.text());
      if (turn != null && queued.index() == 0) {
        turn.segmentQueued(queued.waitNanos());
      }
    } else if (fact instanceof CallFact.SegmentSpoken spoken) {
      of.spoken(spoken.segment());
    } else if (fact instanceof CallFact.WordsTimed timed) {
      of.timed(timed.index(), timed.words());
    } else if (turn != null && fact instanceof CallFact.FirstToken token) {
      turn.firstToken(token.at(), token.providerNanos());
    } else if (turn != null && fact instanceof CallFact.FirstAudio audio) {
      turn.firstAudio(audio.at(), audio.providerNanos());
    }
  }

  private void playoutStarted(Utterance of) {
    of.audible = true;
    if (of.filler()) {
      return;
    }
    // A filler gives way to the first frame of anything else.
    call.agent.dropFillers();
    call.timers.stop(Timer.FILLER);
    nextPlays();
    call.followAgent();
    UserTurn turn = call.userTurn;
    if (turn != null && turn.timeline == null && of.reply()) {
      call.emit(new TurnEffect.FirstAudioHeard(turn.played(of.turn, call.now())));
    }
    if (of.reply()) {
      call.taking.answered();
      call.answering.succeeded();
    }
    call.interruptions.agentBegan();
  }

  /** The carrier plays in order: the oldest that sounds is the one that is heard. */
  private void nextPlays() {
    for (Utterance of : call.agent.all()) {
      if (of.sounding()) {
        if (!of.playsOn()) {
          of.playsOn(call.now());
        }
        return;
      }
    }
  }

  private void replyCompleted(Utterance of, CallFact.ReplyCompleted reply) {
    if (of.complete) {
      call.emit(new TurnEffect.LateDropped(reply));
      return;
    }
    of.whole(reply.text());
    if (!reply.toolCalls().isEmpty()) {
      call.taking.fixed();
      call.tools.asked(of, reply);
    } else if (of.silent()) {
      call.answering.stumble(of);
    } else {
      call.answering.finishIfHeard(of);
    }
  }

  private void replyFailed(Utterance of, CallFact.ReplyFailed failed) {
    if (of.complete) {
      call.emit(new TurnEffect.LateDropped(failed));
    } else if (call.failover.cut(of, Failure.Stage.LLM, failed.failure())) {
      return;
    } else if (of.goesOn && failed.failure().kind() == Failure.Kind.EMPTY) {
      // It had said all before it broke off.
      of.complete = true;
      of.played = true;
      call.answering.finishIfHeard(of);
    } else if (!failed.text().isBlank() || of.audible) {
      if (call.failover.brokeOff(of, failed.failure())) {
        return;
      }
      // What was written is spoken; then the caller hears that there is no more.
      of.whole(failed.text());
      of.broken = true;
      call.answering.finishIfHeard(of);
    } else if (fatal(failed.failure())) {
      call.agent.drop(of);
      call.ending.giveUp();
    } else {
      call.answering.stumble(of);
    }
  }

  private void speechCompleted(Utterance of, CallFact.SpeechCompleted speech) {
    if (speech.audioMs() == 0 && !of.audible && of.complete && call.tools.idle()) {
      of.played = true;
      if (of.reply()) {
        call.answering.stumble(of);
      } else {
        call.answering.finishIfHeard(of);
      }
    }
  }

  private void speechFailed(Utterance of, CallFact.SpeechFailed failed) {
    if (of.filler()) {
      // A cancellation would reach the answer too, which is older.
      call.agent.drop(of);
      return;
    }
    if (call.failover.cut(of, Failure.Stage.TTS, failed.failure())) {
      return;
    }
    call.emit(new TurnEffect.Cancel(of.turn));
    if (of.audible) {
      // The carrier still plays what it has; its end finishes the turn.
      of.complete = true;
      of.broken = true;
      call.answering.finishIfHeard(of);
    } else if (of.kind == Utterance.Kind.APOLOGY
        || of.kind == Utterance.Kind.GOODBYE
        || fatal(failed.failure()) && of.kind != Utterance.Kind.GREETING) {
      call.ending.hangUp(EndReason.FAILED);
    } else {
      call.answering.stumble(of);
    }
  }

  private static boolean fatal(Failure failure) {
    return failure.kind() == Failure.Kind.UNAUTHORIZED
        || failure.kind() == Failure.Kind.OUT_OF_MONEY;
  }
}
