package io.voiceagent.turn;

import io.voiceagent.call.TurnOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of one call share: both sides, the timers, the dialogue, the effects of the event at hand, and each
 * other. No rule keeps state that another changes, except through its methods.
 */
final class CallState {
  final TurnOptions options;
  final Effects effects = new Effects();
  final Dialogue dialogue;
  final CallerSide caller = new CallerSide();
  final AgentSide agent;
  final Timers timers;
  final BargeInRule bargeIn;

  final ListenRules listening;
  final AnswerRules answering;
  final InterruptRules interruptions;
  final ToolRules tools;
  final SilenceRules silence;
  final KeyRules keys;
  final EndRules ending;

  /** The turn of the caller that is being answered. */
  @Nullable
  UserTurn userTurn;

  CallState(TurnOptions options) {
    this.options = options;
    dialogue = new Dialogue(options.instructions());
    agent = new AgentSide(dialogue);
    timers = new Timers(effects, agent::last);
    bargeIn = new BargeInRule(options.bargeIn());
    listening = new ListenRules(this);
    answering = new AnswerRules(this);
    interruptions = new InterruptRules(this);
    tools = new ToolRules(this);
    silence = new SilenceRules(this);
    keys = new KeyRules(this);
    ending = new EndRules(this);
  }

  long now() {
    return effects.now();
  }

  void emit(TurnEffect effect) {
    effects.add(effect);
  }

  /** The turn being answered is over, with this outcome. Nothing happens when none is. */
  void closeUserTurn(TurnOutcome outcome) {
    UserTurn ended = userTurn;
    if (ended != null) {
      userTurn = null;
      emit(new TurnEffect.TurnEnded(
          agent.last(), outcome, ended.timeline, (now() - ended.lastVoicedAt) / 1e6));
    }
  }

  void toIdle() {
    agent.floor = AgentFloor.IDLE;
    timers.stop(Timer.THINKING, Timer.FILLER, Timer.PLAYOUT);
  }
}
