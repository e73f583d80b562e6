package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster is gone: another one has this call now, or another one serves a stage of it. Or a model broke off
 * in mid-answer. Nothing that was heard is said again, and what was not heard is.
 */
final class FailoverRules {
  /** Audio before the detected onset that belongs to the first word. */
  private static final long PRE_ROLL_NANOS = 300_000_000L;

  /** An answer that is cut more often than this has failed. */
  private static final int MAX_CUTS = 3;

  private final CallState call;
  private int cuts;
  /** The bridging phrase, and what comes after it. */
  private @Nullable Utterance bridge;

  private Runnable afterBridge = () -> {};
  /** The model still has to go on; it is asked after the bridging phrase. */
  private boolean more;

  FailoverRules(CallState call) {
    this.call = call;
  }

  /** The call is this node's from now on. */
  void resumed(TurnEvent.Resumed before) {
    call.timers.start(Timer.MAX_CALL, call.options.maxCallDuration());
    call.dialogue.restore(before.history());
    call.agent.resumeAfter(new TurnId(before.lastTurn()));
    if (!before.unheard().isBlank()) {
      call.answering.say(
          Utterance.Kind.REST, (call.options.bridge() + " " + before.unheard()).strip(), true);
      return;
    }
    more = before.more();
    boolean owed = !before.history().isEmpty()
        && before.history().get(before.history().size() - 1) instanceof Message.User;
    Runnable next =
        owed ? call.answering::generate : before.more() ? call.answering::goOn : this::listen;
    if (call.options.bridge().isBlank()) {
      next.run();
      return;
    }
    call.answering.say(Utterance.Kind.BRIDGE, call.options.bridge(), true);
    bridge = call.agent.main();
    afterBridge = next;
  }

  /** Another node serves this stage from now on. */
  void lost(CallFact.StageLost lost) {
    switch (lost.stage()) {
      case STT -> transcriberLost(lost.finalsBefore());
      case LLM -> {
        call.speculation.drop();
        call.agent.all().forEach(this::modelLost);
      }
      case TTS -> call.agent.all().forEach(this::voiceLost);
      default -> {}
    }
  }

  /** What was cut is heard as far as it goes. True when more of it follows. */
  boolean goesOn(Utterance heard) {
    if (heard == bridge) {
      bridge = null;
      afterBridge.run();
      return true;
    }
    if (!heard.cut) {
      cuts = 0;
      return false;
    }
    String rest = heard.unheardText();
    if (heard.whole().isBlank()) {
      call.answering.goOn();
    } else if (rest.isBlank()) {
      return false;
    } else {
      if (heard.reply()) {
        call.closeUserTurn(TurnOutcome.ANSWERED);
      }
      call.answering.sayRest(heard, rest);
    }
    return true;
  }

  private void listen() {
    call.followAgent();
    call.taking.listen();
  }

  /** The dialogue with what was heard of the running utterance until now, and what of it was not. */
  TurnMachine.Standing standing(long now) {
    List<Message> history = new ArrayList<>(call.dialogue.entries());
    StringBuilder unheard = new StringBuilder();
    List<Word> ahead = List.of();
    boolean begun = false;
    boolean unknown = more && bridge != null;
    for (Utterance of : call.agent.all()) {
      if (!of.kind.counts() || of.logged) {
        continue;
      }
      int played = of.playedMs(now);
      String heard = of.heardText(played);
      if (of.audible && !heard.isBlank()) {
        history.add(new Message.Assistant(heard, List.of()));
      }
      if (of.playsOn() && !of.played) {
        ahead = of.ahead(played);
        begun = !heard.isBlank();
      }
      if (of.complete && !of.cut && !of.more) {
        String rest = of.unheardText(played);
        unheard.append(unheard.length() == 0 || rest.isEmpty() ? "" : " ").append(rest);
      } else {
        unknown = true;
      }
    }
    return new TurnMachine.Standing(
        history,
        unknown ? "" : unheard.toString(),
        unknown,
        call.agent.last().value(),
        ahead,
        begun);
  }

  long untranscribedSince() {
    CallerSide caller = call.caller;
    if (caller.floor == CallerFloor.SILENT
        || caller.floor == CallerFloor.PAUSED && caller.flushed) {
      return 0;
    }
    long onset = caller.onsetAt - PRE_ROLL_NANOS;
    return call.words.said().isEmpty() ? onset : Math.max(onset, caller.finalAt);
  }

  /** The new one gets the audio that was not transcribed; what the old one still tells of it would be there twice. */
  private void transcriberLost(int finalsBefore) {
    CallerSide caller = call.caller;
    call.words.restart(finalsBefore);
    if (caller.floor == CallerFloor.PAUSED && !caller.flushed) {
      call.timers.start(Timer.FINAL_TRANSCRIPT, call.options.endpointing().finalTimeout());
      call.emit(new TurnEffect.FinalizeTranscript());
    }
  }

  /** A stage's own word that a stream to it broke. False when that is no case for us, or happens too often. */
  boolean cut(Utterance of, Failure.Stage stage, Failure failure) {
    if (failure.kind() != Failure.Kind.PEER_LOST || ++cuts > MAX_CUTS) {
      return false;
    }
    if (stage == Failure.Stage.LLM) {
      modelLost(of);
    } else {
      voiceLost(of);
    }
    return true;
  }

  /** A model broke off by itself. Once in a row it is asked for the rest; false when that is no use or was done. */
  boolean brokeOff(Utterance of, Failure failure) {
    if (!failure.retryable() || cuts > 0) {
      return false;
    }
    cuts++;
    modelLost(of);
    return true;
  }

  private void modelLost(Utterance of) {
    if (!of.reply() || of.complete) {
      return;
    }
    if (of.audible || !of.queuedText().isBlank()) {
      // The voice says what it was given; the rest is asked for when that was heard.
      of.complete = true;
      of.cut = true;
      call.answering.finishIfHeard(of);
    } else {
      again(of);
    }
  }

  private void voiceLost(Utterance of) {
    if (of.played) {
      return;
    }
    if (of.filler()) {
      call.agent.drop(of);
      return;
    }
    call.emit(new TurnEffect.Cancel(of.turn));
    if (of.audible) {
      // What came of it is still played; its end brings the rest.
      of.complete = true;
      of.cut = true;
    } else {
      again(of);
    }
  }

  /** Nothing of it was heard. */
  private void again(Utterance of) {
    if (of.reply() && !of.logged) {
      call.answering.startAgain(of);
      return;
    }
    call.emit(new TurnEffect.Cancel(of.turn));
    call.agent.drop(of);
    if (!of.whole().isBlank()) {
      call.answering.say(of.kind, of.whole(), of.interruptible);
    } else {
      call.followAgent();
    }
  }
}
