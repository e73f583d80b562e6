package io.voiceagent.cluster;

import io.vertx.core.Future;
import io.vertx.core.spi.cluster.ClusterManager;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one seam to the engine beneath: who is a member, and a small replicated store. Another engine takes its place by
 * implementing this. Calls may block only where it is said.
 */
interface Membership {
  /** What Vert.x's clustered event bus runs on. */
  ClusterManager clusterManager();

  /** This node's id; once it has joined. */
  String member();

  /** The ids of all members, this node's included. */
  Set<String> members();

  /** Hears the id of each member that has left, on any thread. */
  void onLeft(Consumer<String> handler);

  /** Keeps a value on two nodes for a while; never blocks. */
  Future<Void> put(String key, byte[] value, long ttlMs);

  Future<byte @Nullable []> get(String key);
}
