package io.voiceagent.turn;

import io.voiceagent.call.TurnOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of one call share: both sides, the timers, the dialogue, the effects of the event at hand, and each
 * other.
 */
final class CallState {
  final TurnOptions options;
  final Effects effects = new Effects();
  final Dialogue dialogue;
  final CallerWords words = new CallerWords();
  final CallerSide caller = new CallerSide(words);
  final AgentSide agent;
  final Timers timers;
  final BargeInRule bargeIn;
  final EndpointRule endpoint;

  final ListenRules listening;
  final TakeRules taking;
  final SpeculationRules speculation;
  final AnswerRules answering;
  final UtteranceRules utterances;
  final InterruptRules interruptions;
  final ToolRules tools;
  final SilenceRules silence;
  final KeyRules keys;
  final EndRules ending;
  final FailoverRules failover;

  /** The turn of the caller that is being answered. */
  @Nullable
  UserTurn userTurn;

  CallState(TurnOptions options) {
    this.options = options;
    dialogue = new Dialogue(options.instructions());
    agent = new AgentSide(dialogue);
    timers = new Timers(effects, agent::last);
    bargeIn = new BargeInRule(options.bargeIn());
    endpoint = options.providerEndpoints()
        ? new ProviderEndpoint(options.endpointing().providerTimeout())
        : new OwnEndpoint(options.endpointing());
    listening = new ListenRules(this);
    taking = new TakeRules(this);
    speculation = new SpeculationRules(this);
    answering = new AnswerRules(this);
    utterances = new UtteranceRules(this);
    interruptions = new InterruptRules(this);
    tools = new ToolRules(this);
    silence = new SilenceRules(this);
    keys = new KeyRules(this);
    ending = new EndRules(this);
    failover = new FailoverRules(this);
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

  /** The agent's floor follows from what it is saying. Each has the timer that ends it. */
  void followAgent() {
    if (agent.leaving()) {
      return;
    }
    AgentFloor next = agent.speaks()
        ? AgentFloor.SPEAKING
        : agent.main() != null ? AgentFloor.THINKING : AgentFloor.IDLE;
    if (next == agent.floor) {
      return;
    }
    agent.floor = next;
    switch (next) {
      case SPEAKING -> {
        timers.stop(Timer.THINKING, Timer.FILLER);
        timers.start(Timer.PLAYOUT, options.playoutTimeout());
      }
      case THINKING -> {
        timers.stop(Timer.PLAYOUT, Timer.REPROMPT);
        timers.start(Timer.THINKING, options.thinkingTimeout());
      }
      default -> {
        agent.dropFillers();
        timers.stop(Timer.THINKING, Timer.FILLER, Timer.PLAYOUT);
      }
    }
  }
}
