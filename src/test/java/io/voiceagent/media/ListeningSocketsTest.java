package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListeningSocketsTest {
  private static final int CALLS = 60;
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
  private final Map<Thread, Integer> streams = new ConcurrentHashMap<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void theStreamsOfACarrierThatOpensTwoConnectionsPerCallAreSpreadOverAllLoops() throws Exception {
    assumeTrue(ListeningSockets.perLoop(vertx));
    int port = freePort();
    ListeningSockets sockets = new ListeningSockets("127.0.0.1", port);
    deploy(sockets);
    HttpClient webhooks = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    WebSocketClient carrier =
        vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CALLS));

    for (int i = 0; i < CALLS; i++) {
      webhooks
          .request(HttpMethod.GET, port, "127.0.0.1", "/")
          .compose(request -> request.send())
          .compose(response -> response.end())
          .await(20, TimeUnit.SECONDS);
      carrier.connect(port, "127.0.0.1", "/").await(20, TimeUnit.SECONDS);
    }

    // Spread by chance: fewer than 12 of 60 happen once in a million times.
    assertThat(streams.values()).hasSize(2).allMatch(count -> count >= 12);
    assertThat(streams.values().stream().mapToInt(x -> x).sum()).isEqualTo(CALLS);
  }

  @Test
  void aPortThatAnotherProcessSharesIsInUse() throws Exception {
    assumeTrue(ListeningSockets.perLoop(vertx));
    try (ServerSocket other = new ServerSocket()) {
      other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ListeningSockets sockets = new ListeningSockets("127.0.0.1", other.getLocalPort());

      assertThatThrownBy(() -> deploy(sockets)).hasMessageContaining("in use");
    }
  }

  private void deploy(ListeningSockets sockets) throws Exception {
    vertx
        .deployVerticle(() -> new Listener(sockets), new DeploymentOptions().setInstances(2))
        .await(20, TimeUnit.SECONDS);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private final class Listener extends VerticleBase {
    private final ListeningSockets sockets;

    Listener(ListeningSockets sockets) {
      this.sockets = sockets;
    }

    @Override
    public Future<?> start() {
      HttpServer server = sockets
          .create(vertx, new HttpServerOptions())
          .requestHandler(request -> request.response().end())
          .webSocketHandler(socket -> streams.merge(Thread.currentThread(), 1, Integer::sum));
      return sockets.listen(vertx, server);
    }
  }
}
