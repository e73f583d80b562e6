package io.voiceagent.turn;

import io.voiceagent.call.TurnId;
import java.util.ArrayList;
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
  /** Oldest first; the last one is the live generation. */
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

  Utterance add(Utterance.Kind kind, boolean interruptible) {
    last = last.next();
    Utterance made = new Utterance(last, kind, interruptible);
    live.put(last, made);
    return made;
  }

  void drop(Utterance of) {
    live.remove(of.turn);
  }

  /** All that the agent was saying is over; what of it was heard enters the dialogue. */
  void abandon() {
    for (Utterance of : live.values()) {
      if (of.audible && !of.logged && of.kind != Utterance.Kind.FILLER) {
        dialogue.interrupted(of.turn, of.heardText());
        cleared.put(of.turn, of);
      }
    }
    live.clear();
    while (cleared.size() > MAX_CLEARED) {
      cleared.remove(cleared.keySet().iterator().next());
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

  @Nullable
  Utterance newest() {
    Utterance newest = null;
    for (Utterance of : live.values()) {
      newest = of;
    }
    return newest;
  }

  List<Utterance> all() {
    return new ArrayList<>(live.values());
  }

  boolean saysNothing() {
    return live.isEmpty();
  }

  boolean audible() {
    return live.values().stream().anyMatch(of -> of.audible);
  }

  /** Something is being heard that may not be cut. */
  boolean isProtected() {
    return live.values().stream().anyMatch(of -> !of.interruptible && of.audible);
  }

  /** The caller may speak and be listened to: the agent has nothing under way. */
  boolean idle() {
    return floor == AgentFloor.IDLE;
  }
}
