package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply asked for before the caller's turn is certain. Until the turn is taken, with just these words, it runs no tool,
 * enters no history and makes no sound: its text waits at the model's side. Otherwise it is thrown away. A call that
 * throws away too many does without.
 */
final class SpeculationRules {
  /** A first token and an end; whatever repeats them is not waited for. */
  private static final int MAX_FACTS = 4;

  private final CallState call;
  private final TurnOptions.Preemptive options;
  private @Nullable Utterance reply;
  private String words = "";
  private final List<CallFact.OfTurn> facts = new ArrayList<>();
  private boolean tried;
  /** Replies that may still be thrown away; one that was used earns one back. */
  private int budget;

  SpeculationRules(CallState call) {
    this.call = call;
    options = call.options.preemptive();
    budget = options.maxDiscards();
  }

  /** The voice has paused, or there are more words in a pause: is it worth to begin? Once per pause. */
  void consider() {
    String would = call.words.wouldBe();
    if (!options.enabled()
        || tried
        || budget <= 0
        || would.isBlank()
        || call.caller.floor != CallerFloor.PAUSED
        || !call.agent.idle()
        || call.bargeIn.harmless(call.words.heardSoFar()) && call.interruptions.undecided()
        || call.endpoint.moreWait(would) > 0) {
      return;
    }
    tried = true;
    words = would;
    Utterance prepared = call.agent.prepare(Utterance.Kind.REPLY, true);
    reply = prepared;
    call.emit(new TurnEffect.Generate(
        prepared.turn, call.dialogue.messagesWith(new Message.User(would)), true));
  }

  /** Keeps a fact of the reply for later. False when it is none of it. */
  boolean keeps(CallFact.OfTurn fact) {
    if (reply == null || !reply.turn.equals(fact.turn())) {
      return false;
    }
    boolean ofTheModel = fact instanceof CallFact.FirstToken
        || fact instanceof CallFact.ReplyCompleted
        || fact instanceof CallFact.ReplyFailed;
    if (ofTheModel && facts.size() < MAX_FACTS) {
      facts.add(fact);
    }
    // Nothing else can be told before a voice has its words.
    return ofTheModel;
  }

  /** The turn was taken with these words. The prepared reply when it answers them; it is the caller's now. */
  @Nullable
  Utterance claim(String said) {
    Utterance prepared = reply;
    boolean good = prepared != null
        && Phrases.words(said).equals(Phrases.words(words))
        && facts.stream().noneMatch(CallFact.ReplyFailed.class::isInstance);
    if (!good) {
      drop();
      return null;
    }
    reply = null;
    tried = false;
    budget = Math.min(options.maxDiscards(), budget + 1);
    call.emit(new TurnEffect.Speculated(true));
    return prepared;
  }

  /** What was told of the reply that was claimed, in order. */
  List<CallFact.OfTurn> told() {
    List<CallFact.OfTurn> told = new ArrayList<>(facts);
    facts.clear();
    return told;
  }

  /** Nobody wants it. */
  void drop() {
    tried = false;
    if (reply != null) {
      call.emit(new TurnEffect.Cancel(reply.turn));
      call.emit(new TurnEffect.Speculated(false));
      reply = null;
      facts.clear();
      budget--;
    }
  }
}
