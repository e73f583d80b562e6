package io.voiceagent.conversation;

import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.cluster.Placement;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which instances serve a call now, and which ever did. */
final class Stages {
  private final Placement placement;
  private final StageAddress self;
  private final Map<Stage, StageAddress> chosen = new EnumMap<>(Stage.class);
  private final Set<StageAddress> used = new LinkedHashSet<>();

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
    StageAddress next = placement.choose(stage, self);
    chosen.put(stage, next);
    used.add(next);
    return next;
  }

  /** Whether {@code stage} was served by {@code node} until now. */
  boolean servedBy(String node, Stage stage) {
    StageAddress current = chosen.get(stage);
    return current != null && current.node().equals(node);
  }

  /** Whether the one that was chosen should be left. */
  boolean stale(Stage stage) {
    StageAddress current = chosen.get(stage);
    return current != null && !placement.serves(current, self);
  }

  /** {@code node} is gone, with all that the call had there. */
  void forget(String node) {
    chosen.values().removeIf(address -> address.node().equals(node));
    used.removeIf(address -> address.node().equals(node));
  }

  /** Everyone who may hold something of this call. */
  Set<StageAddress> used() {
    return used;
  }
}
