package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Message;
import io.voiceagent.call.TurnOutcome;
import java.util.List;

/** The agent's utterances: what is ordered, and when each is over. */
final class AnswerRules {
  static final Message GO_ON = new Message.System(
      "A noise on the line interrupted you. Go on exactly where your last message stops, and repeat nothing of it.");

  private final CallState call;
  private final AgentSide agent;
  private final TurnOptions options;
  /** Answers that came to nothing, in a row. */
  private int failures;

  AnswerRules(CallState call) {
    this.call = call;
    agent = call.agent;
    options = call.options;
  }

  // ---- orders

  /** The caller's turn was taken. */
  void answer(String said) {
    Utterance prepared = call.speculation.claim(said);
    if (prepared == null) {
      generate();
    } else {
      agent.adopt(prepared);
      call.emit(new TurnEffect.CommitReply(prepared.turn));
      call.followAgent();
      for (CallFact.OfTurn fact : call.speculation.told()) {
        call.utterances.fact(prepared, fact);
      }
    }
    if (!options.fillerAfter().isZero()
        && !options.fillerText().isBlank()
        && agent.floor == AgentFloor.THINKING) {
      call.timers.start(Timer.FILLER, options.fillerAfter());
    }
  }

  void generate() {
    generate(call.dialogue.messages());
  }

  /** The model was cut off: it is asked for the rest. */
  void goOn() {
    generate(call.dialogue.messagesWith(GO_ON)).goesOn = true;
  }

  /** What is asked was wrong: another reply in place of this one, of which nothing was heard. */
  void startAgain(Utterance reply) {
    call.emit(new TurnEffect.Cancel(reply.turn));
    agent.drop(reply);
    generate();
  }

  private Utterance generate(List<Message> dialogue) {
    call.speculation.drop();
    agent.dropSaid();
    Utterance reply = agent.add(Utterance.Kind.REPLY, true);
    ordered();
    call.emit(new TurnEffect.Generate(reply.turn, dialogue, false));
    return reply;
  }

  void say(Utterance.Kind kind, String text, boolean interruptible) {
    say(agentSays(kind, interruptible), text);
  }

  /** What was not heard of {@code of}, which was cut for nothing. */
  void sayRest(Utterance of, String rest) {
    Utterance said = agentSays(Utterance.Kind.REST, of.interruptible);
    said.more = of.more;
    call.ending.endsCall(said, of.endsCall);
    say(said, rest);
  }

  private Utterance agentSays(Utterance.Kind kind, boolean interruptible) {
    call.speculation.drop();
    return agent.add(kind, interruptible);
  }

  private void say(Utterance said, String text) {
    said.whole(text);
    if (!said.filler()) {
      ordered();
    }
    call.emit(new TurnEffect.Say(said.turn, text, said.kind.cacheable(), said.filler()));
  }

  /** Each order has a time of its own in which it must be heard. */
  void ordered() {
    AgentFloor before = agent.floor;
    call.followAgent();
    if (before == AgentFloor.THINKING && agent.floor == before) {
      call.timers.start(Timer.THINKING, options.thinkingTimeout());
    }
  }

  /** The caller has waited long enough to hear something. */
  void fillerDue() {
    Utterance reply = agent.main();
    if (agent.floor == AgentFloor.THINKING && reply != null && reply.reply() && !agent.audible()) {
      say(Utterance.Kind.FILLER, options.fillerText(), true);
    }
  }

  // ---- ends

  /** An utterance that is complete and was played to its end is over. */
  void finishIfHeard(Utterance of) {
    if (!of.complete || !of.played || !call.tools.idle() && of == agent.main()) {
      call.followAgent();
      return;
    }
    agent.drop(of);
    log(of);
    if (of.filler()) {
      return;
    }
    call.taking.heard(of);
    if (call.ending.lastWordsHeard(of)) {
      return;
    }
    if (call.failover.goesOn(of)) {
      return;
    }
    if (agent.main() != null) {
      call.followAgent();
    } else if (of.kind == Utterance.Kind.NOTICE && !options.greeting().isBlank()) {
      greet();
    } else if (of.more) {
      goOn();
    } else {
      over(of);
    }
  }

  private void over(Utterance of) {
    if (of.reply()) {
      call.closeUserTurn(of.broken ? TurnOutcome.FAILED : TurnOutcome.ANSWERED);
      call.taking.answered();
    }
    if (of.broken) {
      apologise();
      return;
    }
    call.followAgent();
    call.taking.listen();
  }

  private void log(Utterance of) {
    String heard = of.whole().isBlank() || of.broken || of.cut ? of.heardText() : of.whole();
    if (of.logged) {
      call.dialogue.heardAll(of.turn);
    } else if (of.kind == Utterance.Kind.REST) {
      call.dialogue.agentWentOn(heard);
    } else if (of.kind.counts()) {
      call.dialogue.agent(heard);
    }
  }

  void greet() {
    say(Utterance.Kind.GREETING, options.greeting(), !options.greetingProtected());
  }

  /** An answer is heard. */
  void succeeded() {
    failures = 0;
  }

  /** This utterance came to nothing: apologise, and end the call when that happens too often. */
  void stumble(Utterance of) {
    agent.drop(of);
    if (of.filler()) {
      return;
    }
    call.taking.answered();
    call.tools.cancel();
    call.closeUserTurn(TurnOutcome.FAILED);
    apologise();
  }

  /** Too many failures in a row end the call instead. */
  private void apologise() {
    if (++failures >= options.maxFailures()) {
      call.ending.giveUp();
    } else if (agent.main() == null) {
      say(Utterance.Kind.APOLOGY, options.apology(), true);
    } else {
      call.followAgent();
    }
  }

  /** The model or the voice gives no sign of life. */
  void thinkingOverdue() {
    Utterance main = agent.main();
    if (agent.floor == AgentFloor.THINKING && main != null) {
      abandonAll();
      stumble(main);
    }
  }

  /** No mark came back, and no estimate either: whatever was to be heard is over. */
  void playoutOverdue() {
    if (agent.floor == AgentFloor.SPEAKING) {
      abandonAll();
      call.taking.answered();
      call.closeUserTurn(TurnOutcome.FAILED);
      call.followAgent();
      call.taking.listen();
    }
  }

  /** Silences the agent, upstream too. */
  void abandonAll() {
    if (agent.audible()) {
      call.emit(new TurnEffect.Clear(agent.last()));
    }
    if (!agent.saysNothing()) {
      call.emit(new TurnEffect.Cancel(agent.last()));
    }
    agent.abandon();
    call.tools.cancel();
  }
}
