package io.voiceagent.tts.cartesia;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.resilience.Gate;
import io.voiceagent.resilience.Refusal;
import io.voiceagent.resilience.SocketEnd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket and the contexts that share it. A context that is over is dead to us at once; the provider may go on sending
 * its audio, which is dropped here, and may count it as active, so its place is held until it says that it is through.
 */
final class CartesiaSocket {
  private static final Logger LOG = LoggerFactory.getLogger(CartesiaSocket.class);
  private static final int PING_MS = 10_000;
  /** The provider closes idle sockets after five minutes; leave before, and while nobody speaks. */
  private static final long MAX_IDLE_NANOS = 240_000_000_000L;

  private static final int MAX_GARBAGE = 3;
  private static final int CUT_MS = 1_000;

  private final CartesiaSockets sockets;
  private final Map<String, CartesiaStream> live = new LinkedHashMap<>();
  private final Map<String, Dead> dead = new HashMap<>();
  private final ArrayDeque<String> unsent = new ArrayDeque<>();
  private @Nullable ClientWebSocket open;
  private @Nullable Long pinger;
  private int pausers;
  private int garbage;
  private long usedAt;
  private boolean ponged = true;
  private boolean gone;
  private boolean retired;

  private record Dead(Gate.@Nullable Ticket ticket, long timer) {}

  CartesiaSocket(CartesiaSockets sockets) {
    this.sockets = sockets;
    this.usedAt = sockets.account.clock.nanos();
  }

  void connect(WebSocketClient client) {
    CartesiaTtsOptions options = sockets.account.options;
    long began = sockets.account.clock.nanos();
    ClientWebSocket socket = client.webSocket();
    socket.textMessageHandler(this::received);
    socket.pongHandler(pong -> ponged = true);
    socket.closeHandler(x -> lost(new Failure(
        Stage.TTS,
        Kind.CLOSED,
        "Cartesia closed the socket"
            + (socket.closeStatusCode() == null ? "" : " with " + socket.closeStatusCode()))));
    socket.exceptionHandler(e -> LOG.debug("socket to {}: {}", options.prefix(), e.toString()));
    socket
        .connect(new WebSocketConnectOptions()
            .setAbsoluteURI(options.url() + "/tts/websocket")
            .setTimeout(options.connectTimeout().toMillis())
            .putHeader("X-API-Key", options.apiKey())
            .putHeader("Cartesia-Version", options.version()))
        .onSuccess(x -> opened(socket))
        .onFailure(e -> lost(refusal(e, began)));
  }

  int live() {
    return live.size();
  }

  boolean paused() {
    return pausers > 0;
  }

  boolean isGone() {
    return gone;
  }

  void add(String context, CartesiaStream stream) {
    live.put(context, stream);
    usedAt = sockets.account.clock.nanos();
  }

  void send(String message) {
    ClientWebSocket socket = open;
    if (socket != null) {
      socket.writeTextMessage(message);
    } else if (!gone) {
      unsent.add(message);
    }
  }

  /** How a context was left. */
  enum Left {
    /** The provider said that it is through. */
    ENDED,
    /** It was told that no text follows, and owes its own end. */
    FINISHED,
    CANCELLED
  }

  /**
   * From now on whatever comes of this context is dropped; its place is given back when the provider is through. An end
   * that is owed and does not come is brought about by a cancellation, which nobody confirms.
   */
  void bury(String context, Gate.@Nullable Ticket ticket, Left how) {
    live.remove(context);
    usedAt = sockets.account.clock.nanos();
    boolean counted = sockets.account.options.maxConcurrentContexts() > 0;
    if (how == Left.ENDED || gone || how == Left.CANCELLED && !counted) {
      leave(ticket); // Without a limit nobody waits for the place.
    } else {
      dead.put(context, new Dead(ticket, afterGrace(() -> overdue(context, how))));
    }
    closeIfRetired();
  }

  private void overdue(String context, Left how) {
    Dead known = dead.remove(context);
    if (known == null) {
      return;
    }
    if (how == Left.FINISHED) {
      send(sockets.codec.cancel(context));
    }
    leave(known.ticket);
  }

  private long afterGrace(Runnable action) {
    long grace = sockets.account.options.cancelGrace().toMillis();
    return sockets.vertx.setTimer(Math.max(1, grace), id -> action.run());
  }

  /** It left a context without an answer: no new one is trusted to it, and it goes with its last one. */
  void retire() {
    if (!retired && !gone) {
      retired = true;
      sockets.gone(this);
      closeIfRetired();
    }
  }

  private void closeIfRetired() {
    if (retired && live.isEmpty() && !gone) {
      close();
    }
  }

  void pause() {
    ClientWebSocket socket = open;
    if (pausers++ == 0 && socket != null && !gone) {
      socket.pause();
    }
  }

  void resume() {
    ClientWebSocket socket = open;
    if (--pausers == 0 && socket != null && !gone) {
      live.values().forEach(CartesiaStream::heldUp);
      socket.resume();
    }
  }

  void close() {
    ClientWebSocket socket = open;
    if (socket != null) {
      SocketEnd.within(sockets.vertx, socket, CUT_MS);
    }
    lost(new Failure(Stage.TTS, Kind.CANCELLED, "the service is stopping"));
  }

  private void opened(ClientWebSocket socket) {
    if (gone) {
      socket.close();
      return;
    }
    open = socket;
    sockets.account.openSockets.incrementAndGet();
    sockets.opened();
    if (paused()) {
      socket.pause();
    }
    while (!unsent.isEmpty()) {
      socket.writeTextMessage(unsent.remove());
    }
    pinger = sockets.vertx.setPeriodic(PING_MS, id -> ping(socket));
  }

  private void ping(ClientWebSocket socket) {
    boolean idle = live.isEmpty() && sockets.account.clock.nanos() - usedAt > MAX_IDLE_NANOS;
    if (!ponged && !paused() || idle) {
      SocketEnd.within(sockets.vertx, socket, CUT_MS);
      lost(new Failure(Stage.TTS, Kind.CLOSED, "the socket to Cartesia was idle or dead"));
      return;
    }
    ponged = false;
    socket.writePing(Buffer.buffer("va"));
  }

  private void received(String message) {
    CartesiaEvent event = CartesiaTtsCodec.decode(message);
    CartesiaStream stream = live.get(event.context());
    if (stream != null) {
      stream.heard(event);
    } else if (event instanceof CartesiaEvent.Done || event instanceof CartesiaEvent.Failed) {
      ended(event);
    }
  }

  private void ended(CartesiaEvent event) {
    Dead known = dead.remove(event.context());
    if (known != null) {
      sockets.vertx.cancelTimer(known.timer);
      leave(known.ticket);
    } else if (event instanceof CartesiaEvent.Failed failed && event.context().isEmpty()) {
      blame(failed);
    }
  }

  /** A failure that names nobody: the latest context that has heard nothing yet, or the only one. */
  private void blame(CartesiaEvent.Failed failed) {
    CartesiaStream suspect = null;
    for (CartesiaStream stream : live.values()) {
      if (live.size() == 1 || !stream.audible()) {
        suspect = stream;
      }
    }
    if (suspect != null) {
      suspect.heard(failed);
    }
    ClientWebSocket socket = open;
    if (failed.failure().kind() == Kind.PROTOCOL && ++garbage >= MAX_GARBAGE && socket != null) {
      SocketEnd.within(sockets.vertx, socket, CUT_MS);
      lost(failed.failure());
    }
  }

  private void lost(Failure failure) {
    if (gone) {
      return;
    }
    gone = true;
    if (open != null) {
      sockets.account.openSockets.decrementAndGet();
    }
    Long timer = pinger;
    if (timer != null) {
      sockets.vertx.cancelTimer(timer);
    }
    sockets.gone(this);
    unsent.clear();
    dead.values().forEach(one -> {
      sockets.vertx.cancelTimer(one.timer);
      leave(one.ticket);
    });
    dead.clear();
    List<CartesiaStream> streams = new ArrayList<>(live.values());
    live.clear();
    streams.forEach(stream -> stream.lost(failure));
  }

  private static void leave(Gate.@Nullable Ticket ticket) {
    if (ticket != null) {
      ticket.leave();
    }
  }

  private Failure refusal(Throwable cause, long began) {
    CartesiaTtsOptions options = sockets.account.options;
    long took = sockets.account.clock.nanos() - began;
    Failure failure =
        Refusal.ofSocket(Stage.TTS, "Cartesia", cause, took, options.connectTimeout());
    if (failure.kind() == Kind.UNAUTHORIZED) {
      LOG.error("Cartesia refused the key: check {}.apiKey", options.prefix());
    }
    return failure;
  }
}
