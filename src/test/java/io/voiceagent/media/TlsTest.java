package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.voiceagent.TestCertificate;
import io.voiceagent.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {
  @TempDir
  private Path folder;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void openSslDoesTheWorkAndNewFilesTakeEffectWithoutARestart() throws Exception {
    certificate("first");
    MediaOptions options = MediaOptions.from(Settings.of(Map.of(
        "media.host", "127.0.0.1",
        "media.tls.cert", folder.resolve("cert.pem").toString(),
        "media.tls.key", folder.resolve("key.pem").toString(),
        "media.tls.reload", "100ms",
        "telephony.twilio.authToken", "t")));
    CompletableFuture<Class<?>> engine = new CompletableFuture<>();
    HttpServer server = vertx
        .createHttpServer(ListenerOptions.of(options))
        .webSocketHandler(socket -> engine.complete(((WebSocketInternal) socket)
            .channelHandlerContext()
            .pipeline()
            .get(SslHandler.class)
            .engine()
            .getClass()))
        .listen(0)
        .await(20, TimeUnit.SECONDS);
    new TlsFiles(options).watch(vertx, server);
    WebSocketClient client = vertx.createWebSocketClient(
        new WebSocketClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));

    client
        .connect(new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(server.actualPort())
            .setSsl(true)
            .setURI("/"))
        .await(20, TimeUnit.SECONDS);
    assertThat(OpenSSLEngineOptions.isAvailable()).isTrue();
    assertThat(ReferenceCountedOpenSslEngine.class)
        .isAssignableFrom(engine.get(10, TimeUnit.SECONDS));
    assertThat(subject(server.actualPort())).isEqualTo("CN=first");

    Files.writeString(folder.resolve("cert.pem"), "half a file");
    TimeUnit.MILLISECONDS.sleep(300);
    assertThat(subject(server.actualPort()))
        .as("what cannot be used changes nothing")
        .isEqualTo("CN=first");

    certificate("second");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!subject(server.actualPort()).equals("CN=second")) {
      assertThat(System.nanoTime()).as("the new certificate is in use").isLessThan(end);
    }
  }

  private void certificate(String name) throws Exception {
    TestCertificate.write(name, folder.resolve("cert.pem"), folder.resolve("key.pem"));
  }

  /** Of the certificate that a new connection is shown. */
  private static String subject(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
