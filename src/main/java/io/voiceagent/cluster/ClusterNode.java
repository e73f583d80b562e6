package io.voiceagent.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.voiceagent.call.Clock;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of a cluster: who else is there, what they can do, and the store that survives one of them.
 * Only a node that joins touches this class or anything that it needs.
 */
public final class ClusterNode {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
  private static final String NODES = KnownNodes.EVERYONE + "nodes";
  private static final long ANNOUNCE_MS = 300;
  /** What decides whether a call is sent here or away is told sooner. */
  private static final long LOOK_MS = 50;
  /** A member that says nothing of itself for so long after it could have does not serve. */
  private static final long HEAR_MS = 5_000;

  /** What a node says of itself when it is asked; see {@link NodeStatus}. */
  public record Load(
      int calls, int streams, boolean full, boolean busy, boolean draining, int places, int room) {}

  private final ClusterOptions options;
  private final String name;
  private final @Nullable ClusterSecret secret;
  private final Membership membership;
  private final Clock clock;
  private final Nodes nodes;
  private final Share share;
  private final List<Consumer<String>> lostHandlers = new CopyOnWriteArrayList<>();
  private @Nullable Vertx vertx;
  private int loops = 1;
  private long announcedAt;
  private Load told = new Load(0, 0, false, false, false, 0, 0);
  private int turns;
  private long toldView;
  private Supplier<Load> load = () -> told;

  public ClusterNode(ClusterOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
    this.nodes = new Nodes(options.peerTimeout().toNanos());
    String given = options.name().isEmpty()
        ? options.host().replaceAll("[^A-Za-z0-9]", "-") + "-" + options.port()
        : options.name();
    // A process that comes back under its old address is another node: nothing of the old one is
    // meant for it.
    this.name = given + "~" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    this.share = new Share(options.maxCalls(), name);
    this.secret = options.secret().isEmpty() ? null : new ClusterSecret(options.secret());
    this.membership = new HazelcastMembership(
        options, secret == null ? "voice-agent-open" : secret.clusterName(), name, clock);
  }

  /** For {@code VertxOptions}: where streams travel, and what is proven before they do. */
  public EventBusOptions eventBus() {
    EventBusOptions bus = new EventBusOptions()
        .setHost(options.host())
        .setPort(options.busPort())
        .setClusterPublicHost(options.host())
        .setClusterPingInterval(1000)
        .setClusterPingReplyInterval(1000)
        .setConnectTimeout(2000)
        .setTcpNoDelay(true);
    if (options.tls()) {
      bus.setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions().setCertPath(options.tlsCert()).setKeyPath(options.tlsKey()))
          .setTrustOptions(new PemTrustOptions().addCertPath(options.tlsCa()))
          .setClientAuth(ClientAuth.REQUIRED);
    }
    return bus;
  }

  /** Joins: blocks no event loop, fails when the membership port is taken or the others refuse. */
  public Future<Vertx> join(VertxBuilder builder, int loops) {
    this.loops = loops;
    return builder
        .withClusterManager(membership.clusterManager())
        .buildClustered()
        .map(joined -> {
          vertx = joined;
          membership.onLeft(member -> nodes.left(member).forEach(this::lost));
          LOG.info("joined as {}, {} members", name, membership.members().size());
          return joined;
        });
  }

  /** Starts to tell the others what this node offers, once it can serve them. */
  public Future<Void> announce(Supplier<Load> load) {
    this.load = load;
    Vertx joined = vertx();
    announcedAt = clock.nanos();
    joined.setPeriodic(LOOK_MS, LOOK_MS, id -> look());
    return joined
        .eventBus()
        .<Buffer>consumer(NODES)
        .handler(this::announced)
        .completion()
        .onSuccess(x -> {
          announce();
          openShare();
        });
  }

  /** Whoever gives places must know of all who do so already. */
  private void openShare() {
    long since = clock.nanos();
    vertx().setPeriodic(LOOK_MS, id -> {
      boolean late = clock.nanos() - since > HEAR_MS * 1_000_000;
      boolean spoken = nodes.haveSpoken(membership.members());
      if (late && !spoken) {
        LOG.warn(
            "{} members, of which only {} are heard on the event bus: look at cluster.tls.*, cluster.secret, "
                + "cluster.busPort and at what is between the machines",
            membership.members().size(),
            nodes.alive().size());
      }
      if (late || spoken && share.agreed(nodes.alive())) {
        vertx().cancelTimer(id);
        share.open();
      }
    });
  }

  /** To speak and to hear of calls and their places; once this node has joined. */
  public PlaceTalk placeTalk() {
    return new PlaceTalk(vertx(), this);
  }

  /** On the bus; new at each start. */
  public String name() {
    return name;
  }

  public Kernels kernels() {
    return new SealedKernels(membership, this);
  }

  public Nodes nodes() {
    return nodes;
  }

  public Placement placement() {
    return new SpreadPlacement(
        name, nodes::alive, bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  /** This node's part of the calls that the cluster may have. */
  public Share share() {
    return share;
  }

  /** Hears the name of each node that is gone, once, on any thread. */
  public void onLost(Consumer<String> handler) {
    lostHandlers.add(handler);
  }

  /** Seals what goes to other nodes; as it is when there is no secret. */
  public byte[] seal(byte[] plain) {
    return secret == null ? plain : secret.seal(plain);
  }

  /** @throws GeneralSecurityException when a stranger made it */
  public byte[] open(byte[] sealed) throws GeneralSecurityException {
    return secret == null ? sealed : secret.open(sealed);
  }

  private void look() {
    Load now = load.get();
    boolean news = now.full() != told.full()
        || now.busy() != told.busy()
        || now.draining() != told.draining()
        || now.places() != told.places()
        || Share.view(nodes.alive()) != toldView;
    if (news || clock.nanos() - announcedAt >= ANNOUNCE_MS * 1_000_000) {
      announce();
    }
  }

  private void announce() {
    // In this order: whatever was given by an older view is among the places.
    toldView = Share.view(nodes.alive());
    Load own = load.get();
    turns += own.draining() == told.draining() ? 0 : 1;
    long now = clock.nanos();
    boolean stoodStill = now - announcedAt > 2 * ANNOUNCE_MS * 1_000_000;
    announcedAt = now;
    told = own;
    NodeStatus status = new NodeStatus(
        name,
        membership.member(),
        options.roles(),
        loops,
        own.calls(),
        own.streams(),
        own.full(),
        own.busy(),
        own.draining(),
        own.places(),
        own.room(),
        turns,
        toldView);
    nodes.heard(status, now);
    vertx().eventBus().publish(NODES, Buffer.buffer(seal(status.toBytes())));
    if (!stoodStill) {
      // After a stand-still of our own, what the others said waits behind this timer.
      nodes.sweep(now).forEach(this::lost);
    }
  }

  private void announced(Message<Buffer> message) {
    try {
      NodeStatus status = NodeStatus.of(open(message.body().getBytes()));
      if (!status.node().equals(name) && nodes.heard(status, clock.nanos())) {
        LOG.info("node {} offers {}", status.node(), status.roles());
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      LOG.warn("dropped an announcement that is not of this cluster: {}", e.toString());
    }
  }

  private void lost(String node) {
    LOG.warn("node {} is lost", node);
    lostHandlers.forEach(handler -> handler.accept(node));
  }

  private Vertx vertx() {
    return Objects.requireNonNull(vertx, "not joined");
  }
}
