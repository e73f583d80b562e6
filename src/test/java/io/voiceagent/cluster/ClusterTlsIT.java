package io.voiceagent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.voiceagent.TestCertificate;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

  private final Members members;

  ClusterTlsIT() throws Exception {
    members = new Members();
  }

  @AfterEach
  void leave() throws Exception {
    members.close();
  }

  @Test
  void membersOfOneAuthorityUnderstandEachOtherAndStrangersDoNot() throws Exception {
    certificate("ours");
    certificate("other");
    int busPort = Members.freePort();
    Vertx first = join("first", busPort, "ours");
    Vertx second = join("second", Members.freePort(), "ours");
    Vertx stranger = join("stranger", Members.freePort(), "other");
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

  private Vertx join(String name, int busPort, String certificate) throws Exception {
    return members
        .join(
            name,
            "cluster.busPort=" + busPort,
            "cluster.tls.cert=" + folder.resolve(certificate + ".pem"),
            "cluster.tls.key=" + folder.resolve(certificate + ".key"),
            "cluster.tls.ca=" + folder.resolve(certificate + ".pem"))
        .vertx();
  }

  private void certificate(String name) throws Exception {
    TestCertificate.write(name, folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }
}
