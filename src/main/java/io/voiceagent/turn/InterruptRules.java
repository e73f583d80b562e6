package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.TurnOutcome;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The caller bids for the floor while the agent has it, and what becomes of what was cut off. */
final class InterruptRules {
  private final CallState call;
  private final CallerSide caller;
  private final AgentSide agent;
  private final TurnOptions.BargeIn options;
  /** Cut off; whether rightly is not known yet. */
  private @Nullable Utterance interrupted;

  InterruptRules(CallState call) {
    this.call = call;
    caller = call.caller;
    agent = call.agent;
    options = call.options.bargeIn();
  }

  boolean undecided() {
    return interrupted != null;
  }

  /** It was an interruption, or whatever it was is answered. */
  void decided() {
    interrupted = null;
  }

  // ---- bids

  void byVoice() {
    bid(call.bargeIn.byVoice(caller.heardSoFar()));
  }

  void byInterim() {
    if (agentHasFloor()) {
      bid(call.bargeIn.byWords(caller.heardSoFar())
          && (caller.sustained || options.minWords() > 0));
    }
  }

  void byFinal() {
    if (agentHasFloor()) {
      bid(call.bargeIn.byWords(caller.heardSoFar()));
    }
  }

  /** Level-triggered: whoever was speaking already interrupts as much as one who begins now. */
  void agentBegan() {
    if (caller.floor == CallerFloor.SPEAKING && caller.sustained) {
      byVoice();
    }
  }

  /** A key was pressed, which is no accident. */
  void byKey() {
    if (agent.floor != AgentFloor.SPEAKING) {
      return;
    }
    caller.onsetAt = call.now();
    Utterance speaking = agent.newest();
    if (speaking != null && speaking.interruptible) {
      interrupt();
      interrupted = null;
    }
  }

  private boolean agentHasFloor() {
    return agent.floor == AgentFloor.SPEAKING || agent.floor == AgentFloor.THINKING;
  }

  /** The caller wants the floor, if {@code strong}. */
  private void bid(boolean strong) {
    Utterance speaking = agent.newest();
    if (!strong || speaking == null || agent.floor == AgentFloor.CLOSING || agent.isProtected()) {
      return;
    }
    if (agent.floor == AgentFloor.SPEAKING || agent.audible()) {
      interrupt();
    } else if (agent.floor == AgentFloor.THINKING && speaking.kind == Utterance.Kind.REPLY) {
      takeBack();
    }
  }

  /** The caller talks over the agent. */
  private void interrupt() {
    Utterance speaking = Objects.requireNonNull(agent.newest());
    call.emit(new TurnEffect.Clear(speaking.turn));
    call.emit(new TurnEffect.Cancel(speaking.turn));
    call.emit(new TurnEffect.BargedIn(speaking.turn, caller.onsetAt));
    interrupted = speaking;
    agent.abandon();
    call.tools.cancel();
    call.closeUserTurn(TurnOutcome.INTERRUPTED);
    call.toIdle();
  }

  /** The caller goes on before anything was answered: what was said so far and what comes are one turn. */
  void takeBack() {
    Utterance thinking = Objects.requireNonNull(agent.newest());
    call.emit(new TurnEffect.Cancel(thinking.turn));
    agent.abandon();
    call.tools.cancel();
    if (!caller.answering.isEmpty() && call.dialogue.takeBack(caller.answering)) {
      caller.addBefore(caller.answering);
    }
    caller.answering = "";
    call.userTurn = null;
    call.toIdle();
  }

  // ---- was it one?

  void voiceEnded() {
    if (interrupted != null) {
      arm();
    }
  }

  private void arm() {
    if (!options.falseAfter().isZero()) {
      call.timers.start(Timer.FALSE_INTERRUPTION, options.falseAfter());
    }
  }

  /** True when these words show that the agent was not to stop: it goes on. */
  boolean wasNone(String said) {
    if (interrupted == null || !call.bargeIn.backchannelOnly(said)) {
      return false;
    }
    caller.clearWords();
    goOn();
    return true;
  }

  /** No words came. */
  void timedOut() {
    if (interrupted != null
        && caller.floor != CallerFloor.SPEAKING
        && agent.idle()
        && caller.heardSoFar().isBlank()) {
      goOn();
    }
  }

  /** Both are silent while it is undecided: something must decide it. */
  void neverUnarmed() {
    if (options.falseAfter().isZero()) {
      interrupted = null;
      call.silence.arm();
    } else {
      arm();
    }
  }

  /** The interruption was none: go on at the next word that was not heard. */
  private void goOn() {
    Utterance of = interrupted;
    interrupted = null;
    caller.floor = CallerFloor.SILENT;
    String rest = of == null ? "" : of.unheardText();
    if (rest.isBlank()) {
      call.listening.listen();
    } else {
      call.answering.say(Utterance.Kind.REST, rest, true);
    }
  }

  /** How much of a cut utterance was heard. */
  void cleared(CallFact.PlayoutCleared gone) {
    Utterance of = agent.settle(gone.turn());
    if (of != null) {
      // Otherwise it was over by itself: the answer to a clear, provoked by a cancellation.
      of.heard(gone.heardMs());
      call.dialogue.settle(of.turn, of.heardText());
    }
  }
}
