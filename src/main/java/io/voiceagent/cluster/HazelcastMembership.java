package io.voiceagent.cluster;

import static java.util.stream.Collectors.toSet;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.spi.merge.LatestUpdateMergePolicy;
import io.vertx.core.Future;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.voiceagent.call.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hazelcast, embedded. Its open-source edition neither encrypts nor authenticates its own traffic beyond the cluster's
 * name, which is why nothing of a call goes through it unsealed. Holds two copies of every entry.
 */
final class HazelcastMembership implements Membership {
  private static final String KERNELS = "voiceagent.kernels";
  /** Calls whose kernels fit; the oldest leave first. */
  private static final int MAX_KERNELS_PER_NODE = 50_000;

  private final AddressBook manager;

  HazelcastMembership(ClusterOptions options, String clusterName, String node, Clock clock) {
    this.manager = new AddressBook(config(options, clusterName), node, clock);
  }

  @Override
  public ClusterManager clusterManager() {
    return manager;
  }

  @Override
  public String member() {
    return hazelcast().getCluster().getLocalMember().getUuid().toString();
  }

  @Override
  public Set<String> members() {
    return hazelcast().getCluster().getMembers().stream()
        .map(member -> member.getUuid().toString())
        .collect(toSet());
  }

  @Override
  public void onLeft(Consumer<String> handler) {
    hazelcast().getCluster().addMembershipListener(new MembershipListener() {
      @Override
      public void memberAdded(MembershipEvent event) {}

      @Override
      public void memberRemoved(MembershipEvent event) {
        handler.accept(event.getMember().getUuid().toString());
      }
    });
  }

  @Override
  public Future<Void> put(String key, byte[] value, long ttlMs) {
    return hazelcast().getLifecycleService().isRunning()
        ? Future.fromCompletionStage(kernels().setAsync(key, value, ttlMs, TimeUnit.MILLISECONDS))
        : Future.failedFuture("the node has left the cluster");
  }

  @Override
  public Future<byte @Nullable []> get(String key) {
    return hazelcast().getLifecycleService().isRunning()
        ? Future.fromCompletionStage(kernels().getAsync(key))
        : Future.failedFuture("the node has left the cluster");
  }

  private IMap<String, byte[]> kernels() {
    return hazelcast().getMap(KERNELS);
  }

  private HazelcastInstance hazelcast() {
    return manager.getHazelcastInstance();
  }

  private static Config config(ClusterOptions options, String clusterName) {
    Config config = ConfigUtil.loadConfig();
    config.setClusterName(clusterName);
    config
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
        .setProperty("hazelcast.operation.call.timeout.millis", "5000")
        .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
        .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.wait.seconds.before.join", "0");
    config.getJetConfig().setEnabled(false);
    config
        .getNetworkConfig()
        .setPort(options.port())
        .setPortAutoIncrement(false)
        .setPublicAddress(options.host() + ":" + options.port());
    config.getNetworkConfig().getInterfaces().setEnabled(false);
    config.setProperty("hazelcast.local.localAddress", options.host());
    join(config.getNetworkConfig().getJoin(), options);
    config.addMapConfig(new MapConfig(KERNELS)
        .setBackupCount(1)
        .setInMemoryFormat(InMemoryFormat.BINARY)
        // Two halves of a cluster that come together: the call went on where its kernel is newer.
        .setPerEntryStatsEnabled(true)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(LatestUpdateMergePolicy.class.getName()))
        .setEvictionConfig(new com.hazelcast.config.EvictionConfig()
            .setEvictionPolicy(com.hazelcast.config.EvictionPolicy.LRU)
            .setMaxSizePolicy(com.hazelcast.config.MaxSizePolicy.PER_NODE)
            .setSize(MAX_KERNELS_PER_NODE)));
    return config;
  }

  private static void join(JoinConfig join, ClusterOptions options) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (options.dns().isEmpty()) {
      join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(2);
      options.members().forEach(join.getTcpIpConfig()::addMember);
    } else {
      // Every address behind the name is a node: a headless service, or any name with several
      // addresses.
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", options.dns())
          .setProperty("service-port", String.valueOf(options.port()));
    }
  }
}
