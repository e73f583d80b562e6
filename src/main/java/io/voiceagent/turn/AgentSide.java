package io.voiceagent.turn;

import io.voiceagent.call.TurnId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agent's half: what it is about to say or saying, and what was cut off. */
final class AgentSide {
  /** Cut utterances whose end is still to be told; a carrier that never tells must not fill memory. */
  private static final int MAX_CLEARED = 8;

  private final Dialogue dialogue;

  AgentFloor floor = AgentFloor.IDLE;
  private TurnId last = TurnId.NONE;
  /** Oldest first; the last one that is no filler is the live generation. */
  private final Map<TurnId, Utterance> live = new LinkedHashMap<>();
  /** Cleared, but how much of it was heard is still to be told. */
  private final Map<TurnId, Utterance> cleared = new LinkedHashMap<>();

  AgentSide(Dialogue dialogue) {
    this.dialogue = dialogue;
  }

  /** The newest turn that was ordered. */
  TurnId last() {
    return last;
  }

  /** Another node said so many before. */
  void resumeAfter(TurnId before) {
    last = before;
  }

  /** All that is said or about to be, oldest first. */
  List<Utterance> all() {
    return List.copyOf(live.values());
  }

  /** Made, but not said before {@link #adopt}. */
  Utterance prepare(Utterance.Kind kind, boolean interruptible) {
    last = last.next();
    return new Utterance(last, kind, interruptible);
  }

  void adopt(Utterance prepared) {
    live.put(prepared.turn, prepared);
  }

  Utterance add(Utterance.Kind kind, boolean interruptible) {
    Utterance made = prepare(kind, interruptible);
    adopt(made);
    return made;
  }

  void drop(Utterance of) {
    live.remove(of.turn);
  }

  void dropFillers() {
    live.values().removeIf(Utterance::filler);
  }

  /** Forgets what is said, or has no words: the tools that it asked for are all that was left of it. */
  void dropSaid() {
    live.values().removeIf(of -> of.complete && (of.played || of.silent()));
  }

  /** All that the agent was saying is over; what of it was heard enters the dialogue. */
  void abandon() {
    for (Utterance of : live.values()) {
      if (of.kind.counts() && (of.audible || of.logged)) {
        if (of.kind == Utterance.Kind.REST) {
          dialogue.cutAgain(of.turn, of.heardText(), of.unheardText());
        } else {
          dialogue.cut(of.turn, of.heardText(), of.unheardText());
        }
        cleared.put(of.turn, of);
      }
    }
    live.clear();
    while (cleared.size() > MAX_CLEARED) {
      TurnId oldest = cleared.keySet().iterator().next();
      cleared.remove(oldest);
      dialogue.heardAll(oldest);
    }
  }

  @Nullable
  Utterance live(TurnId turn) {
    return live.get(turn);
  }

  @Nullable
  Utterance cleared(TurnId turn) {
    return cleared.get(turn);
  }

  @Nullable
  Utterance settle(TurnId turn) {
    return cleared.remove(turn);
  }

  /** The live generation. */
  @Nullable
  Utterance main() {
    Utterance main = null;
    for (Utterance of : live.values()) {
      if (!of.filler()) {
        main = of;
      }
    }
    return main;
  }

  boolean saysNothing() {
    return live.isEmpty();
  }

  /** Something is being heard, be it a filler. */
  boolean audible() {
    return live.values().stream().anyMatch(Utterance::sounding);
  }

  /** What it says has begun to be heard. */
  boolean speaks() {
    return live.values().stream().anyMatch(of -> of.sounding() && !of.filler());
  }

  /** Something may not be cut: it is heard, or about to be. */
  boolean isProtected() {
    return live.values().stream().anyMatch(of -> !of.interruptible && !of.played);
  }

  /** The caller may speak and be listened to: the agent has nothing under way. */
  boolean idle() {
    return floor == AgentFloor.IDLE;
  }

  boolean leaving() {
    return floor == AgentFloor.CLOSING || floor == AgentFloor.ENDED;
  }
}
