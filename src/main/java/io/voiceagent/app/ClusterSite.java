package io.voiceagent.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.ClusterBus;
import io.voiceagent.bus.FrameSeal;
import io.voiceagent.bus.StreamType;
import io.voiceagent.bus.WireFormatException;
import io.voiceagent.call.Clock;
import io.voiceagent.call.StageAddress;
import io.voiceagent.cluster.AccountPart;
import io.voiceagent.cluster.ClusterNode;
import io.voiceagent.cluster.ClusterOptions;
import io.voiceagent.cluster.Kernels;
import io.voiceagent.cluster.NodeStatus;
import io.voiceagent.cluster.Placement;
import io.voiceagent.cluster.Role;
import io.voiceagent.media.Admission;
import io.voiceagent.media.OtherNodes;
import io.voiceagent.media.SharedLimit;
import io.voiceagent.metrics.Telemetry;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node among others. */
final class ClusterSite implements Site {
  /** How long the others may take to see what this node offers. */
  private static final long OPEN_SECONDS = 20;

  private final Vertx vertx;
  private final ClusterNode node;
  private final ClusterOptions options;
  private final AtomicInteger streams = new AtomicInteger();
  private @Nullable ClusterBus bus;

  private ClusterSite(Vertx vertx, ClusterNode node, ClusterOptions options) {
    this.vertx = vertx;
    this.node = node;
    this.options = options;
  }

  static Future<Site> join(VoiceAgentOptions options, Telemetry telemetry) {
    ClusterNode node = new ClusterNode(options.cluster(), Clock.SYSTEM);
    int loops = options.runtime().loops();
    return node.join(
            VertxRuntime.builder(options.runtime(), telemetry.factory(), node.eventBus()), loops)
        .map(vertx -> new ClusterSite(vertx, node, options.cluster()));
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public Bus bus(BusListener listener) {
    ClusterBus made = new ClusterBus(
        vertx,
        node.name(),
        BusOptions.DEFAULTS.withPeerTimeout(options.peerTimeout()),
        counted(listener),
        Clock.SYSTEM,
        seal());
    node.onLost(made::lost);
    bus = made;
    return made;
  }

  @Override
  public Placement placement() {
    return node.placement();
  }

  @Override
  public Kernels kernels() {
    return node.kernels();
  }

  @Override
  public boolean has(Role role) {
    return options.has(role);
  }

  @Override
  public List<StageAddress> conversations() {
    List<StageAddress> all = new ArrayList<>();
    for (NodeStatus status : node.nodes().alive()) {
      if (status.roles().contains(Role.MEDIA)) {
        for (int loop = 0; loop < status.loops(); loop++) {
          all.add(new StageAddress(status.node(), StageAddress.Stage.CONVERSATION, loop));
        }
      }
    }
    return all;
  }

  @Override
  public SharedLimit sharedLimit() {
    return new ClusterLimit(node, node.placeTalk(), options.maxCalls() > 0);
  }

  @Override
  public int partOfVoices(int allowed) {
    return AccountPart.of(allowed, Role.TTS, node.name(), node.nodes().alive());
  }

  @Override
  public String tokenSecret() {
    return options.secret().isEmpty() ? "" : options.secret() + " media tokens";
  }

  @Override
  public void onLost(Consumer<String> handler) {
    node.onLost(handler);
  }

  @Override
  public Future<Void> open(Admission admission, int maxCalls) {
    node.onLost(admission::lost);
    return Objects.requireNonNull(bus)
        .reachable()
        .compose(x -> node.placeTalk().hear(ClusterLimit.news(admission)))
        .compose(x -> node.announce(() -> load(admission, maxCalls)))
        .timeout(OPEN_SECONDS, TimeUnit.SECONDS);
  }

  private ClusterNode.Load load(Admission admission, int maxCalls) {
    int serving = streams.get();
    return new ClusterNode.Load(
        admission.calls(),
        serving,
        options.maxStreams() > 0 && serving >= options.maxStreams(),
        admission.full(),
        admission.draining(),
        admission.places(),
        maxCalls);
  }

  @Override
  public int streams() {
    return streams.get();
  }

  @Override
  public OtherNodes others() {
    return new ClusterOthers(node);
  }

  @Override
  public int members() {
    return Math.max(1, node.nodes().alive().size());
  }

  @Override
  public List<String> notReady() {
    List<String> missing = new ArrayList<>();
    for (Role role : Role.values()) {
      if (node.nodes().alive().stream().noneMatch(status -> status.roles().contains(role))) {
        missing.add("no node offers " + role.label());
      }
    }
    if (options.maxCalls() > 0 && options.has(Role.MEDIA) && !node.share().isOpen()) {
      missing.add("has not heard of all nodes yet");
    }
    return missing;
  }

  private FrameSeal seal() {
    return new FrameSeal() {
      @Override
      public byte[] seal(byte[] frame) {
        return node.seal(frame);
      }

      @Override
      public byte[] open(byte[] sealed) {
        try {
          return node.open(sealed);
        } catch (GeneralSecurityException e) {
          throw new WireFormatException("a frame that is not sealed with the cluster's secret");
        }
      }
    };
  }

  /** The node's load is the streams that it has open. */
  private BusListener counted(BusListener listener) {
    return new BusListener() {
      @Override
      public void opened(StreamType<?, ?> type) {
        streams.incrementAndGet();
        listener.opened(type);
      }

      @Override
      public void closed(StreamType<?, ?> type) {
        streams.decrementAndGet();
        listener.closed(type);
      }

      @Override
      public void stalled(StreamType<?, ?> type) {
        listener.stalled(type);
      }

      @Override
      public void failed(StreamType<?, ?> type) {
        listener.failed(type);
      }

      @Override
      public void dropped(StreamType<?, ?> type, int items) {
        listener.dropped(type, items);
      }

      @Override
      public void queued(StreamType<?, ?> type, int items) {
        listener.queued(type, items);
      }
    };
  }
}
