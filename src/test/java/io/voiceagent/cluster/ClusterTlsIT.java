package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.voiceagent.TestCertificate;
import io.voiceagent.app.SettingsLoader;
import io.voiceagent.call.Clock;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams between nodes with certificates on both sides. Whole nodes without their stages, in one process. */
@Timeout(90)
class ClusterTlsIT {
  @TempDir
  private Path folder;

  private final List<Vertx> joined = new ArrayList<>();
  private final int firstPort = freePort();

  ClusterTlsIT() throws Exception {}

  @AfterEach
  void leave() throws Exception {
    for (Vertx vertx : joined) {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void membersOfOneAuthorityUnderstandEachOtherAndStrangersDoNot() throws Exception {
    certificate("ours");
    certificate("other");
    int busPort = freePort();
    Vertx first = join("first", firstPort, busPort, "ours");
    Vertx second = join("second", freePort(), freePort(), "ours");
    Vertx stranger = join("stranger", freePort(), freePort(), "other");
    first
        .eventBus()
        .consumer("greeting", message -> message.reply("hello " + message.body()))
        .completion()
        .await(10, TimeUnit.SECONDS);

    assertThat(ask(second)).isEqualTo("hello you");
    assertThatThrownBy(() -> ask(stranger)).isNotNull();
    assertThat(answersPlainText(busPort)).isFalse();
  }

  private static Object ask(Vertx vertx) throws Exception {
    return vertx
        .eventBus()
        .request("greeting", "you", new DeliveryOptions().setSendTimeout(3000))
        .await(10, TimeUnit.SECONDS)
        .body();
  }

  /** Whether who speaks no TLS is spoken to: a ping of the event bus has an answer. */
  private static boolean answersPlainText(int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(2000);
      socket.getOutputStream().write("ping ping ping ping".getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      byte[] answer = in.readNBytes(7);
      // A TLS alert, or the end.
      return answer.length > 0 && answer[0] != 21;
    } catch (SocketTimeoutException silent) {
      return false;
    }
  }

  private Vertx join(String name, int port, int busPort, String certificate) throws Exception {
    ClusterOptions options = ClusterOptions.from(new SettingsLoader(Map.of())
        .load(
            List.of(),
            List.of(
                "cluster.enabled=true",
                "cluster.node=" + name,
                "cluster.port=" + port,
                "cluster.busPort=" + busPort,
                "cluster.members=127.0.0.1:" + firstPort + ",127.0.0.1:" + port,
                "cluster.secret=a-secret-for-tests-only",
                "cluster.tls.cert=" + folder.resolve(certificate + ".pem"),
                "cluster.tls.key=" + folder.resolve(certificate + ".key"),
                "cluster.tls.ca=" + folder.resolve(certificate + ".pem"))));
    ClusterNode node = new ClusterNode(options, Clock.SYSTEM);
    Vertx vertx = node.join(
            Vertx.builder().with(new VertxOptions().setEventBusOptions(node.eventBus())), 1)
        .await(30, TimeUnit.SECONDS);
    joined.add(vertx);
    return vertx;
  }

  private void certificate(String name) throws Exception {
    TestCertificate.write(name, folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
