package io.voiceagent.cluster;

import java.util.List;

/**
 * How many places this node may give, of a limit of calls that holds for the whole cluster. Each node takes an even part of
 * what the others leave it by what they have given or say that they may give, and no more than it has room for. One that has
 * given more than its part, or that leaves, keeps that. With fewer places than nodes some get none.
 *
 * <p>Nobody is asked per call. A part shrinks as soon as this node knows of a reason, and grows only when every other media
 * node has said that it knows the same nodes: from then on none of them grows beyond its part among these. So the limit
 * holds while nodes come, leave and die, however late the news of it. In a partition each side deals out all of it.
 */
public final class Share {
  private final int limit;
  private final String self;
  private boolean open;
  private int granted;

  public Share(int limit, String self) {
    this.limit = limit;
    this.self = self;
  }

  /** Every node that could have given places has been heard: from now on this one may. */
  public synchronized void open() {
    open = true;
  }

  public synchronized boolean isOpen() {
    return open;
  }

  /** This node's places among these nodes. It must have announced itself, and come last to know of them all. */
  public synchronized int of(List<NodeStatus> nodes) {
    int part = part(nodes);
    if (part < granted || open && agreed(nodes)) {
      granted = part;
    }
    return granted;
  }

  /** Whether the others know the same nodes as this one. */
  boolean agreed(List<NodeStatus> nodes) {
    long view = view(nodes);
    for (NodeStatus node : nodes) {
      boolean silent = !isMedia(node) || node.view() == 0 || node.node().equals(self);
      if (!silent && node.view() != view) {
        return false;
      }
    }
    return true;
  }

  /** A number for all that the parts follow from but the places of the nodes. */
  public static long view(List<NodeStatus> nodes) {
    long view = 1;
    for (NodeStatus node : nodes) {
      if (isMedia(node)) {
        view = 31 * (31 * view + node.node().hashCode()) + most(node);
        view = 31 * view + node.turns();
      }
    }
    return view;
  }

  private int part(List<NodeStatus> nodes) {
    List<NodeStatus> media = nodes.stream().filter(Share::isMedia).toList();
    int level = level(media);
    long left = limit - dealt(media, level);
    for (NodeStatus node : media) {
      boolean more = left > 0 && taken(node) <= level && level < most(node);
      if (node.node().equals(self)) {
        return Math.min(level, most(node)) + (more ? 1 : 0);
      }
      left -= more ? 1 : 0;
    }
    return 0;
  }

  /** The most places for each with which the limit is kept. */
  private int level(List<NodeStatus> media) {
    int level = 0;
    int tooMany = limit + 1;
    while (tooMany - level > 1) {
      int middle = (level + tooMany) / 2;
      if (dealt(media, middle) <= limit) {
        level = middle;
      } else {
        tooMany = middle;
      }
    }
    return level;
  }

  private long dealt(List<NodeStatus> media, int level) {
    return media.stream()
        .mapToLong(node -> Math.max(taken(node), Math.min(level, most(node))))
        .sum();
  }

  /** What this node has itself is not in its way. */
  private int taken(NodeStatus node) {
    return node.node().equals(self) ? 0 : node.places();
  }

  private static int most(NodeStatus node) {
    return node.draining() ? 0 : node.room();
  }

  private static boolean isMedia(NodeStatus node) {
    return node.roles().contains(Role.MEDIA);
  }
}
