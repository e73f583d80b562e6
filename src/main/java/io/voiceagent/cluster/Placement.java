package io.voiceagent.cluster;

import io.voiceagent.call.StageAddress;

/** Chooses which instance of a stage serves a call. */
@FunctionalInterface
public interface Placement {
  /** On a node that stands alone: the neighbour on the same event loop. */
  Placement LOCAL = (stage, self) -> self.sibling(stage);

  StageAddress choose(StageAddress.Stage stage, StageAddress self);
}
