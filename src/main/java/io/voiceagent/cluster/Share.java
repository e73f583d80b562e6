package io.voiceagent.cluster;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * This node's part of a limit that holds for the whole cluster: equal parts among the nodes of a role, the first ones by
 * name taking the remainder. The parts sum to the limit whenever all nodes see the same nodes; nobody is asked per call.
 * A media node that leaves keeps the calls that it has; the rest of its part is the others' at once. A voice node that
 * leaves keeps its whole part: its calls speak to their last word, now and then, and what it needs for that no moment
 * tells. In a partition each side deals the whole limit out among those that it sees.
 */
public final class Share implements IntSupplier {
  private final int limit;
  private final Role role;
  private final String self;
  private final Supplier<List<NodeStatus>> nodes;

  /** @param limit of the cluster; 0: none, and every share is 0 */
  public Share(int limit, Role role, String self, Supplier<List<NodeStatus>> nodes) {
    this.limit = limit;
    this.role = role;
    this.self = self;
    this.nodes = nodes;
  }

  @Override
  public int getAsInt() {
    if (limit == 0) {
      return 0;
    }
    int count = 0;
    int rank = 0;
    int left = limit;
    for (NodeStatus node : nodes.get()) {
      if (!node.roles().contains(role)) {
        continue;
      }
      if (role == Role.MEDIA && node.draining() && !node.node().equals(self)) {
        left -= node.calls();
        continue;
      }
      if (node.node().compareTo(self) < 0) {
        rank++;
      }
      count++;
    }
    if (count == 0) {
      return limit;
    }
    // Never nothing: a node that takes calls must be able to take one.
    return Math.max(1, left / count + (rank < left % count ? 1 : 0));
  }
}
