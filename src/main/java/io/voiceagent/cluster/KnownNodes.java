package io.voiceagent.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes that an address may lead to: the members, and for a while those that were. Pure: time is an argument. Any
 * thread.
 */
final class KnownNodes {
  /** What begins like this is heard by every node. */
  static final String EVERYONE = "va.all.";

  private static final String OURS = "va.";

  private final long rememberNanos;
  private final Map<String, Long> leftAt = new HashMap<>();
  /** Names of nodes, as they are in addresses, to what Vert.x calls them. */
  private volatile Map<String, String> nodes = Map.of();

  /** @param rememberNanos a node that is no member for so long is forgotten */
  KnownNodes(long rememberNanos) {
    this.rememberNanos = rememberNanos;
  }

  /** What begins like this is heard by one node. */
  static String of(String node) {
    return OURS + node + ".";
  }

  static boolean isOurs(String address) {
    return address.startsWith(OURS);
  }

  /** @param members names of nodes to what Vert.x calls them */
  synchronized void members(Map<String, String> members, long now) {
    Map<String, String> known = new HashMap<>(nodes);
    known.putAll(members);
    Set<String> gone = new HashSet<>(known.keySet());
    gone.removeAll(members.keySet());
    gone.forEach(name -> leftAt.putIfAbsent(name, now));
    leftAt.keySet().retainAll(gone);
    leftAt.values().removeIf(since -> now - since >= rememberNanos);
    gone.removeAll(leftAt.keySet());
    known.keySet().removeAll(gone);
    nodes = Map.copyOf(known);
  }

  /** What Vert.x calls the nodes that an address leads to. */
  List<String> hearing(String address) {
    if (address.startsWith(EVERYONE)) {
      return List.copyOf(nodes.values());
    }
    // A name may have dots in it.
    for (int dot = address.indexOf('.', OURS.length());
        dot > 0;
        dot = address.indexOf('.', dot + 1)) {
      String node = nodes.get(address.substring(OURS.length(), dot));
      if (node != null) {
        return List.of(node);
      }
    }
    return List.of();
  }

  /** Whether one is remembered that is no member. */
  synchronized boolean remembersOthers() {
    return !leftAt.isEmpty();
  }

  /** @param node as Vert.x calls it; its place is another one's now */
  synchronized void forget(String node) {
    Map<String, String> known = new HashMap<>(nodes);
    known.values().remove(node);
    leftAt.keySet().retainAll(known.keySet());
    nodes = Map.copyOf(known);
  }

  /** @param node as Vert.x calls it */
  boolean knows(String node) {
    return nodes.containsValue(node);
  }
}
