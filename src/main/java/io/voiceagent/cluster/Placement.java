package io.voiceagent.cluster;

import io.voiceagent.call.StageAddress;

/** Chooses which instance of a stage serves a call. */
@FunctionalInterface
public interface Placement {
  /** On a node that stands alone: the neighbour on the same event loop. */
  Placement LOCAL = (stage, self) -> self.sibling(stage);

  /** Whether the instance that was chosen before should still get new work of {@code self}. */
  default boolean serves(StageAddress chosen, StageAddress self) {
    return true;
  }

  StageAddress choose(StageAddress.Stage stage, StageAddress self);

  /** The same, best beside {@code near}, with which it will talk most. */
  default StageAddress choose(StageAddress.Stage stage, StageAddress self, StageAddress near) {
    return choose(stage, self);
  }
}
