package io.voiceagent.conversation;

import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.cluster.Placement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which instances serve a call now, and which ever did. */
final class Stages {
  /** Attempts at a node that is not known to be silent. */
  private static final int DRAWS = 8;

  private final Placement placement;
  private final StageAddress self;
  private final Map<Stage, StageAddress> chosen = new EnumMap<>(Stage.class);
  private final Set<StageAddress> used = new LinkedHashSet<>();
  /** Nodes that did not answer: others first. A restarted node has another name. */
  private final Set<String> silent = new HashSet<>();

  Stages(Placement placement, StageAddress self) {
    this.placement = placement;
    this.self = self;
  }

  /** The one that serves; another one when that is gone or about to go. */
  StageAddress get(Stage stage) {
    StageAddress current = chosen.get(stage);
    if (current != null && placement.serves(current, self)) {
      return current;
    }
    StageAddress next = choose(stage);
    for (int i = 0; i < DRAWS && silent.contains(next.node()); i++) {
      next = placement.choose(stage, self);
    }
    chosen.put(stage, next);
    used.add(next);
    return next;
  }

  /** A model and the voice that says its words are best served side by side: a hop less, and no word crosses nodes twice. */
  private StageAddress choose(Stage stage) {
    StageAddress near = switch (stage) {
      case LLM -> chosen.get(Stage.TTS);
      case TTS -> chosen.get(Stage.LLM);
      default -> null;
    };
    return near == null ? placement.choose(stage, self) : placement.choose(stage, self, near);
  }

  /** The one that was given the work that is under way, though it may be about to go. */
  StageAddress current(Stage stage) {
    StageAddress current = chosen.get(stage);
    return current == null ? get(stage) : current;
  }

  /**
   * The one at {@code address} did not answer or broke off. What that node did for the call, all of it the first time, will
   * be done by others. Nothing when it does not serve any more, or is of this node: no other one would help.
   */
  Set<Stage> leave(Stage stage, String address) {
    StageAddress current = chosen.get(stage);
    if (current == null
        || !current.busAddress().equals(address)
        || current.node().equals(self.node())) {
      return EnumSet.noneOf(Stage.class);
    }
    Set<Stage> left = silent.add(current.node()) ? servedBy(current.node()) : EnumSet.of(stage);
    chosen.keySet().removeAll(left);
    return left;
  }

  private Set<Stage> servedBy(String node) {
    Set<Stage> all = EnumSet.noneOf(Stage.class);
    chosen.forEach((stage, address) -> {
      if (address.node().equals(node)) {
        all.add(stage);
      }
    });
    return all;
  }

  /** Whether the one that was chosen should be left. */
  boolean stale(Stage stage) {
    StageAddress current = chosen.get(stage);
    return current != null && !placement.serves(current, self);
  }

  /** {@code node} is gone, with all that the call had there: what it served until now. */
  Set<Stage> forget(String node) {
    Set<Stage> gaps = servedBy(node);
    chosen.keySet().removeAll(gaps);
    used.removeIf(address -> address.node().equals(node));
    return gaps;
  }

  /** Everyone who may hold something of this call. */
  Set<StageAddress> used() {
    return used;
  }
}
