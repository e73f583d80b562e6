package io.voiceagent.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusListener;
import io.voiceagent.call.StageAddress;
import io.voiceagent.cluster.Kernels;
import io.voiceagent.cluster.Placement;
import io.voiceagent.cluster.Role;
import io.voiceagent.media.Admission;
import io.voiceagent.media.OtherNodes;
import io.voiceagent.media.SharedLimit;
import java.util.List;
import java.util.function.Consumer;

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

  /** The limit of calls of the whole cluster. */
  SharedLimit sharedLimit();

  /** Of so many that an account of the voice allows at once, those that this node may use now; at least one. */
  int partOfVoices(int allowed);

  /** Empty: a secret of this process will do. */
  String tokenSecret();

  /** Hears names of nodes that are gone, on any thread. */
  void onLost(Consumer<String> handler);

  /** Everything is deployed: completes when other nodes, if any, can make use of it. */
  Future<Void> open(Admission admission, int maxCalls);

  /** The other nodes, for the public listener. */
  OtherNodes others();

  /** Streams that this node serves for calls of other nodes, and those of its own. */
  int streams();

  /** Nodes that are there, this one included. */
  int members();

  /** Why this node should get no call; empty when it may. */
  List<String> notReady();
}
