package io.voiceagent.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusListener;
import io.voiceagent.call.StageAddress;
import io.voiceagent.cluster.Kernels;
import io.voiceagent.cluster.Placement;
import io.voiceagent.cluster.Role;
import io.voiceagent.media.OtherNodes;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Where the service runs: alone, or as a node among others. */
interface Site {
  Vertx vertx();

  /** Called once. */
  Bus bus(BusListener listener);

  Placement placement();

  Kernels kernels();

  boolean has(Role role);

  /** Every conversation mailbox there is. */
  List<StageAddress> conversations();

  /** This node's part of {@code own} calls; less when the cluster has a limit. */
  IntSupplier maxCalls(int own);

  /** This node's part of what an account of a provider allows at once; 0: no limit. */
  IntSupplier contexts(int limit);

  /** Empty: a secret of this process will do. */
  String tokenSecret();

  /** Hears names of nodes that are gone, on any thread. */
  void onLost(Consumer<String> handler);

  /** Everything is deployed: completes when other nodes, if any, can make use of it. */
  Future<Void> open(IntSupplier calls, BooleanSupplier full, BooleanSupplier draining);

  /** The other nodes, for the public listener. */
  OtherNodes others();

  /** Hears of calls whose stream came to another node: the call's id and the token's nonce. On any thread. */
  void onClaimed(BiConsumer<String, String> handler);

  /** Streams that this node serves for calls of other nodes, and those of its own. */
  int streams();

  /** Nodes that are there, this one included. */
  int members();

  /** Why this node should get no call; empty when it may. */
  List<String> notReady();
}
