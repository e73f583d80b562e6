package io.voiceagent.stt.cartesia;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.voiceagent.resilience.Tls;
import io.voiceagent.stt.SttConnection;
import io.voiceagent.stt.SttListener;
import io.voiceagent.stt.SttProvider;
import io.voiceagent.stt.SttStream;

/** One account at Cartesia; one socket per call. */
public final class CartesiaStt implements SttProvider {
  /** Admission limits the calls; the client's own limit would make the next one wait for ever. */
  private static final int NO_LIMIT = 100_000;

  private static final int MAX_MESSAGE = 1 << 20;

  private final String name;
  private final CartesiaSttOptions options;

  /** @param name of the account, a label of metrics */
  public CartesiaStt(String name, CartesiaSttOptions options) {
    this.name = name;
    this.options = options;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean endpoints() {
    return options.turns();
  }

  @Override
  public SttConnection connect(Vertx vertx) {
    WebSocketClient client = vertx.createWebSocketClient(Tls.fast(new WebSocketClientOptions()
        .setMaxConnections(NO_LIMIT)
        .setConnectTimeout((int) options.connectTimeout().toMillis())
        .setMaxFrameSize(MAX_MESSAGE)
        .setMaxMessageSize(MAX_MESSAGE)
        .setClosingTimeout(1)
        .setTryUsePerMessageCompression(false)
        .setTcpNoDelay(true)));
    return new SttConnection() {
      @Override
      public SttStream open(SttListener listener) {
        CartesiaSttSocket socket = new CartesiaSttSocket(vertx, options, listener);
        socket.connect(client);
        return socket;
      }

      @Override
      public Future<Void> close() {
        return client.close();
      }
    };
  }
}
