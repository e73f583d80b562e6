package io.voiceagent.cluster;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes that are there, as they said themselves. Pure: time is an argument. Written by one thread, read by all.
 */
public final class Nodes {
  private record Seen(NodeStatus status, long at) {}

  private final long silenceNanos;
  private final Map<String, Seen> seen = new LinkedHashMap<>();
  private volatile List<NodeStatus> alive = List.of();

  /** @param silenceNanos a node that says nothing for so long is gone */
  public Nodes(long silenceNanos) {
    this.silenceNanos = silenceNanos;
  }

  /** Everyone who is there, this node included, ordered by name. */
  public List<NodeStatus> alive() {
    return alive;
  }

  /** Whether each of these members has said what it is. */
  boolean haveSpoken(Set<String> members) {
    return alive.stream().map(NodeStatus::member).collect(toSet()).containsAll(members);
  }

  /** True when it was not known before. */
  synchronized boolean heard(NodeStatus status, long now) {
    boolean news = seen.put(status.node(), new Seen(status, now)) == null;
    publish();
    return news;
  }

  /** Names of the nodes that have been silent for too long; they are forgotten. */
  synchronized List<String> sweep(long now) {
    List<String> lost = new ArrayList<>();
    seen.values().removeIf(node -> {
      boolean gone = now - node.at() > silenceNanos;
      if (gone) {
        lost.add(node.status().node());
      }
      return gone;
    });
    publish();
    return lost;
  }

  /** Names of the nodes that ran as this member; they are forgotten. */
  synchronized List<String> left(String member) {
    List<String> lost = new ArrayList<>();
    seen.values().removeIf(node -> {
      boolean gone = node.status().member().equals(member);
      if (gone) {
        lost.add(node.status().node());
      }
      return gone;
    });
    publish();
    return lost;
  }

  private void publish() {
    alive = seen.values().stream()
        .map(Seen::status)
        .sorted(java.util.Comparator.comparing(NodeStatus::node))
        .toList();
  }
}
