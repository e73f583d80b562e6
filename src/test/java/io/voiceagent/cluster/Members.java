package io.voiceagent.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.app.SettingsLoader;
import io.voiceagent.call.Clock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Members of one cluster, without their stages, in one process. */
final class Members implements AutoCloseable {
  record Joined(ClusterNode node, Vertx vertx) {}

  private final List<Vertx> joined = new ArrayList<>();
  private final int firstPort = freePort();

  Members() throws Exception {}

  Joined join(String name, String... assignments) throws Exception {
    int port = joined.isEmpty() ? firstPort : freePort();
    List<String> all = new ArrayList<>(List.of(
        "cluster.enabled=true",
        "cluster.node=" + name,
        "cluster.port=" + port,
        "cluster.members=127.0.0.1:" + firstPort + ",127.0.0.1:" + port,
        "cluster.secret=a-secret-for-tests-only"));
    all.addAll(List.of(assignments));
    ClusterOptions options = ClusterOptions.from(new SettingsLoader(Map.of()).load(List.of(), all));
    ClusterNode node = new ClusterNode(options, Clock.SYSTEM);
    Vertx vertx = node.join(
            Vertx.builder().with(new VertxOptions().setEventBusOptions(node.eventBus())), 1)
        .await(30, TimeUnit.SECONDS);
    joined.add(vertx);
    return new Joined(node, vertx);
  }

  @Override
  public void close() throws Exception {
    for (Vertx vertx : joined) {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
