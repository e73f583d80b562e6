package io.voiceagent.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.call.Clock;
import io.voiceagent.call.StageAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The bus of a node in a cluster. Within the node it is the local one, reference for reference; to another node the same
 * envelopes travel as bytes over Vert.x's clustered event bus. A mailbox is found by its address; no call is registered
 * anywhere.
 */
public final class ClusterBus implements Bus {
  private final MailboxRack rack;
  private final List<Future<Void>> registrations = new ArrayList<>();

  /**
   * One per Vert.x instance, which must be clustered.
   *
   * @param node unique for each start of a process, so that a restarted node is a different one
   * @param clock this node's; instants of other nodes become its own
   */
  public ClusterBus(
      Vertx vertx,
      String node,
      BusOptions options,
      BusListener listener,
      Clock clock,
      FrameSeal seal) {
    this.rack = new MailboxRack(
        vertx, node, options, listener, new Remote(clock, seal, node, options.peerTimeout()));
  }

  @Override
  public Mailbox bind(StageAddress.Stage stage) {
    StageMailbox mailbox = rack.bind(stage);
    Future<Void> registered = mailbox.listen();
    synchronized (registrations) {
      registrations.add(registered);
    }
    return mailbox;
  }

  /** When every mailbox that is bound so far can be reached by other nodes. */
  public Future<Void> reachable() {
    synchronized (registrations) {
      return Future.all(registrations).mapEmpty();
    }
  }

  /** Ends the streams with a node that has left, sooner than its silence would. */
  public void lost(String node) {
    rack.bound().forEach(mailbox -> mailbox.nodeLost(node));
  }
}
