package io.voiceagent.tts.cartesia;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.voiceagent.resilience.Tls;
import io.voiceagent.tts.TtsConnection;
import io.voiceagent.tts.TtsListener;
import io.voiceagent.tts.TtsStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The sockets of one event loop to one account. One is kept open ahead of need; more are opened as utterances exceed
 * what one should carry. A socket whose reading is paused takes no new utterance while another can.
 */
final class CartesiaSockets implements TtsConnection {
  private static final int MAX_FRAME = 1 << 20;
  private static final int MAX_MESSAGE = 4 << 20;
  private static final int MAX_REWARM_MS = 10_000;

  final Vertx vertx;
  final CartesiaTts account;
  final CartesiaTtsCodec codec;
  private final WebSocketClient client;
  private final List<CartesiaSocket> sockets = new ArrayList<>();
  private final String prefix = "va-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  private long contexts;
  private int rewarmMs = 250;
  private boolean warm;
  private boolean closed;

  CartesiaSockets(Vertx vertx, CartesiaTts account) {
    this.vertx = vertx;
    this.account = account;
    this.codec = new CartesiaTtsCodec(account.options);
    this.client = vertx.createWebSocketClient(Tls.fast(new WebSocketClientOptions()
        .setMaxConnections(account.options.maxSockets())
        .setConnectTimeout((int) account.options.connectTimeout().toMillis())
        .setMaxFrameSize(MAX_FRAME)
        .setMaxMessageSize(MAX_MESSAGE)
        .setClosingTimeout(1)
        .setTryUsePerMessageCompression(false)
        .setTcpNoDelay(true)));
  }

  @Override
  public void warm() {
    warm = true;
    if (!closed && sockets.isEmpty()) {
      connect();
    }
  }

  @Override
  public TtsStream open(TtsListener listener, Duration patience) {
    return new CartesiaStream(this, listener, patience);
  }

  @Override
  public Future<Void> close() {
    closed = true;
    List<CartesiaSocket> open = List.copyOf(sockets);
    sockets.clear();
    open.forEach(CartesiaSocket::close);
    return client.close();
  }

  String nextContext() {
    return prefix + ++contexts;
  }

  /** The socket for a new context: the fullest that has room, so that the others may go idle. */
  CartesiaSocket choose() {
    CartesiaSocket best = null;
    for (CartesiaSocket socket : sockets) {
      boolean room = socket.live() < account.options.contextsPerSocket() && !socket.paused();
      if (room && (best == null || socket.live() > best.live())) {
        best = socket;
      }
    }
    if (best != null) {
      return best;
    }
    if (sockets.size() < account.options.maxSockets()) {
      return connect();
    }
    CartesiaSocket least = sockets.get(0);
    for (CartesiaSocket socket : sockets) {
      if (socket.live() < least.live()) {
        least = socket;
      }
    }
    return least;
  }

  int size() {
    return sockets.size();
  }

  void opened() {
    rewarmMs = 250;
  }

  /** A socket is gone. With none left one is opened again, later each time that this fails. */
  void gone(CartesiaSocket socket) {
    sockets.remove(socket);
    if (!closed && warm && sockets.isEmpty()) {
      int wait = rewarmMs / 2 + ThreadLocalRandom.current().nextInt(rewarmMs / 2 + 1);
      rewarmMs = Math.min(MAX_REWARM_MS, rewarmMs * 2);
      vertx.setTimer(wait, id -> warm());
    }
  }

  private CartesiaSocket connect() {
    CartesiaSocket socket = new CartesiaSocket(this);
    sockets.add(socket);
    socket.connect(client);
    return socket;
  }
}
