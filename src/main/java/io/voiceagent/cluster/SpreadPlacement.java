package io.voiceagent.cluster;

import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * The neighbour on the same event loop when this node offers the stage and is not full; else, of two nodes that offer it,
 * drawn by chance, the one with less to do. Two by chance spread nearly as well as asking all, and no crowd runs to the
 * node that was idle a moment ago. What talks with another stage all the time goes where that one is.
 */
public final class SpreadPlacement implements Placement {
  private final String self;
  private final Supplier<List<NodeStatus>> nodes;
  private final IntUnaryOperator draw;

  /** @param draw a number from 0, below its argument, by chance */
  public SpreadPlacement(String self, Supplier<List<NodeStatus>> nodes, IntUnaryOperator draw) {
    this.self = self;
    this.nodes = nodes;
    this.draw = draw;
  }

  @Override
  public boolean serves(StageAddress chosen, StageAddress from) {
    Role role = Role.of(chosen.stage());
    for (NodeStatus node : nodes.get()) {
      if (node.node().equals(chosen.node())) {
        boolean leaving = node.draining() && !node.node().equals(self);
        return node.roles().contains(role) && !leaving;
      }
    }
    return false;
  }

  @Override
  public StageAddress choose(Stage stage, StageAddress from, StageAddress near) {
    StageAddress chosen = choose(stage, from);
    boolean away = !chosen.node().equals(self) && !near.node().equals(self);
    return away && wants(near.node(), Role.of(stage)) ? near.sibling(stage) : chosen;
  }

  private boolean wants(String name, Role role) {
    return nodes.get().stream()
        .anyMatch(node -> node.node().equals(name)
            && node.roles().contains(role)
            && !node.full()
            && !node.draining());
  }

  @Override
  public StageAddress choose(Stage stage, StageAddress from) {
    Role role = Role.of(stage);
    if (role == Role.MEDIA) {
      return from.sibling(stage);
    }
    List<NodeStatus> offering = new ArrayList<>();
    List<NodeStatus> willing = new ArrayList<>();
    boolean here = false;
    for (NodeStatus node : nodes.get()) {
      if (node.roles().contains(role)) {
        boolean free = !node.full() && !node.draining();
        if (node.node().equals(self)) {
          here = true;
          if (!node.full()) {
            return from.sibling(stage);
          }
        } else {
          offering.add(node);
          if (free) {
            willing.add(node);
          }
        }
      }
    }
    List<NodeStatus> candidates = willing.isEmpty() && !here ? offering : willing;
    if (candidates.isEmpty()) {
      // Full, and so are all others: better served slowly here than not at all.
      return from.sibling(stage);
    }
    NodeStatus a = candidates.get(draw.applyAsInt(candidates.size()));
    NodeStatus b = candidates.get(draw.applyAsInt(candidates.size()));
    NodeStatus chosen =
        Comparator.comparingDouble((NodeStatus node) -> (double) node.streams() / node.loops())
                    .compare(a, b)
                <= 0
            ? a
            : b;
    return new StageAddress(chosen.node(), stage, draw.applyAsInt(chosen.loops()));
  }
}
