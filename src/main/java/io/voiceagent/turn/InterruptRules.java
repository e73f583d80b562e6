package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.TurnOutcome;
import org.jspecify.annotations.Nullable;

/** The caller bids for the floor while the agent has it, and what becomes of what was cut off. */
final class InterruptRules {
  /** A reply is kept from beginning while a voice may be more than a noise, so long at most. */
  private static final long HOLD_NANOS = 500_000_000L;

  private final CallState call;
  private final CallerSide caller;
  private final AgentSide agent;
  private final BargeInRule rule;
  /** Cut off; whether rightly is not known yet. */
  private @Nullable Utterance interrupted;
  /** The transcriber was asked what the voice says that goes on without words. */
  private boolean asked;

  private boolean holding;

  InterruptRules(CallState call) {
    this.call = call;
    caller = call.caller;
    agent = call.agent;
    rule = call.bargeIn;
  }

  boolean undecided() {
    return interrupted != null;
  }

  /** It was an interruption, or whatever it was is answered. */
  void decided() {
    interrupted = null;
    call.timers.stop(Timer.FALSE_INTERRUPTION);
  }

  // ---- bids

  /** Too short to bid yet; but nobody wants to be talked over, so what is not begun waits. */
  void voiceBegan() {
    Utterance main = agent.main();
    if (agent.floor == AgentFloor.THINKING && main != null && main.interruptible) {
      holding = true;
      call.emit(new TurnEffect.HoldPlayout(call.now() + HOLD_NANOS));
    }
  }

  void voiceEnded() {
    if (holding) {
      holding = false;
      call.emit(new TurnEffect.HoldPlayout(0));
    }
  }

  void byVoice() {
    String heard = call.words.heardSoFar();
    // Nobody is cut off: one who goes on before the answer needs no minimum.
    bid(agent.speaks() ? rule.byVoice(heard) : heard.isBlank() || !rule.harmless(heard));
  }

  void byInterim() {
    bid(rule.byWords(call.words.heardSoFar())
        && (caller.sustained || caller.discounted || rule.byWordsAlone()));
  }

  void byFinal() {
    String heard = call.words.heardSoFar();
    bid(agent.speaks() ? rule.byWords(heard) : !rule.harmless(heard));
  }

  /** Level-triggered: whoever was speaking already interrupts as much as one who begins now. */
  void agentBegan() {
    if (caller.speaking() && caller.sustained) {
      byVoice();
    }
  }

  /** A key was pressed, which is no accident. */
  void byKey() {
    Utterance main = agent.main();
    if (agent.floor == AgentFloor.SPEAKING && main != null && !agent.isProtected()) {
      caller.onsetAt = call.now();
      interrupt(main);
      decided();
    }
  }

  /** The caller wants the floor, if {@code strong}. */
  private void bid(boolean strong) {
    Utterance main = agent.main();
    if (!strong || main == null || agent.leaving() || agent.isProtected()) {
      return;
    }
    if (agent.speaks()) {
      interrupt(main);
    } else {
      withdraw(main);
    }
  }

  /** A turn is to be taken while the agent has something under way. True when it gives way. */
  boolean giveWay() {
    Utterance main = agent.main();
    if (agent.leaving() || agent.speaks() || agent.isProtected() || main == null) {
      return false;
    }
    withdraw(main);
    return true;
  }

  /** The caller talks over the agent. */
  private void interrupt(Utterance main) {
    TurnEffect.Clear clear = new TurnEffect.Clear(agent.last());
    call.emit(clear);
    call.emit(new TurnEffect.Cancel(clear.turn()));
    call.emit(new TurnEffect.BargedIn(clear.turn(), caller.onsetAt));
    setAside(main);
    call.closeUserTurn(TurnOutcome.INTERRUPTED);
  }

  /** The caller goes on before a word of it was heard. */
  private void withdraw(Utterance main) {
    if (agent.audible()) {
      call.emit(new TurnEffect.Clear(agent.last()));
    }
    call.emit(new TurnEffect.Cancel(agent.last()));
    if (!main.reply()) {
      setAside(main);
      return;
    }
    agent.abandon();
    call.tools.cancel();
    call.ending.stay(main);
    call.taking.takeBack();
    call.followAgent();
  }

  private void setAside(Utterance main) {
    interrupted = main;
    asked = false;
    boolean unfinished = !main.complete || main.cut && main.whole().isBlank();
    main.more = main.reply() && unfinished || !call.tools.idle();
    agent.abandon();
    call.tools.cancel();
    call.ending.stay(main);
    call.taking.answered();
    call.followAgent();
    arm();
  }

  // ---- was it one?

  private void arm() {
    if (!call.options.bargeIn().falseAfter().isZero()) {
      call.timers.start(Timer.FALSE_INTERRUPTION, call.options.bargeIn().falseAfter());
    }
  }

  /** True when these words show that the agent was not to stop: it goes on. */
  boolean wasNone(String said) {
    Utterance of = interrupted;
    if (of == null || !rule.harmless(said) || rule.answers(of)) {
      return false;
    }
    if (rule.backchannelOnly(said)) {
      call.words.setAside();
    }
    goOn(of);
    return true;
  }

  /** No words came in time: none, unless the transcriber has yet to tell. */
  void timedOut() {
    Utterance of = interrupted;
    if (of == null || !agent.idle()) {
      return;
    }
    String heard = call.words.heardSoFar();
    // "Uh-huh, yeah, right" may take longer than this wait and still be none.
    boolean words = !heard.isBlank() && (!rule.harmless(heard) || rule.answers(of));
    if (words && caller.silent()) {
      call.taking.takeWaiting();
    } else if (words) {
      // An interruption indeed; its end will be told.
      interrupted = null;
    } else if (!asked && !caller.silent() && !caller.flushed) {
      asked = true;
      if (caller.speaking() && call.endpoint.asksForFinal()) {
        call.emit(new TurnEffect.FinalizeTranscript());
      }
      call.timers.start(Timer.FALSE_INTERRUPTION, call.endpoint.finalWait(""));
    } else {
      if (rule.backchannelOnly(call.words.said())) {
        call.words.setAside();
      }
      goOn(of);
    }
  }

  /** Both are silent while it is undecided: something must decide it. */
  void neverUnarmed() {
    if (call.options.bargeIn().falseAfter().isZero()) {
      interrupted = null;
      call.silence.begin();
    } else {
      arm();
    }
  }

  /** The interruption was none: go on at the next word that was not heard. */
  private void goOn(Utterance of) {
    interrupted = null;
    caller.discount();
    call.timers.stop(Timer.FALSE_INTERRUPTION);
    String rest = of.unheardText();
    if (!rest.isBlank()) {
      call.answering.sayRest(of, rest);
    } else if (of.more) {
      call.answering.goOn();
    } else if (of.endsCall != null) {
      call.ending.hangUp(of.endsCall);
    } else {
      call.taking.listen();
    }
  }

  /** How much of a cut utterance was heard. */
  void cleared(CallFact.PlayoutCleared gone) {
    Utterance of = agent.settle(gone.turn());
    if (of != null) {
      of.heard(gone.heardMs());
      call.dialogue.settle(of.turn, of.heardText(), of.unheardText());
      call.emit(new TurnEffect.CutOff(of.turn, of.heardText(), of.unheardText()));
      return;
    }
    // A filler gave way, or the utterance was over by itself.
    Utterance filler = agent.live(gone.turn());
    if (filler != null && filler.filler()) {
      agent.drop(filler);
    }
  }
}
