package io.voiceagent.stt.cartesia;

import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.resilience.Refusal;
import io.voiceagent.resilience.SocketEnd;
import io.voiceagent.stt.SttListener;
import io.voiceagent.stt.SttStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call's socket. */
final class CartesiaSttSocket implements SttStream {
  private static final Logger LOG = LoggerFactory.getLogger(CartesiaSttSocket.class);
  /** The provider closes after its last word; it gets this long. */
  private static final int CLOSE_MS = 800;

  private static final int CUT_MS = 500;
  /** A second of audio and its frames: beyond it the caller's ring is the better place. */
  private static final int WRITE_QUEUE = 16 * 1024;

  private final Vertx vertx;
  private final CartesiaSttOptions options;
  private final SttListener listener;
  private @Nullable ClientWebSocket socket;
  private @Nullable Long pinger;
  private boolean ponged = true;
  private boolean open;
  private boolean over;

  CartesiaSttSocket(Vertx vertx, CartesiaSttOptions options, SttListener listener) {
    this.vertx = vertx;
    this.options = options;
    this.listener = listener;
  }

  void connect(WebSocketClient client) {
    long began = System.nanoTime();
    ClientWebSocket connecting = client.webSocket();
    socket = connecting;
    connecting.textMessageHandler(this::received);
    connecting.pongHandler(pong -> ponged = true);
    connecting.closeHandler(x -> fail(new Failure(
        Stage.STT,
        Kind.CLOSED,
        "Cartesia closed the socket"
            + (connecting.closeStatusCode() == null
                ? ""
                : " with " + connecting.closeStatusCode()))));
    connecting.exceptionHandler(e -> LOG.debug("socket to {}: {}", options.prefix(), e.toString()));
    connecting
        .connect(new WebSocketConnectOptions()
            .setAbsoluteURI(CartesiaSttCodec.uri(options))
            .setTimeout(options.connectTimeout().toMillis())
            .putHeader("X-API-Key", options.apiKey())
            .putHeader("Cartesia-Version", options.version()))
        .onSuccess(x -> opened(connecting))
        .onFailure(e -> fail(refusal(e, System.nanoTime() - began)));
  }

  @Override
  public void write(byte[] mulaw) {
    ClientWebSocket to = socket;
    if (open && !over && to != null) {
      to.writeBinaryMessage(BufferInternal.buffer(Unpooled.wrappedBuffer(mulaw)));
    }
  }

  @Override
  public boolean full() {
    ClientWebSocket to = socket;
    // Between the peer's close frame and the end of the connection a question to it would throw.
    return !open || over || to == null || to.isClosed() || to.writeQueueFull();
  }

  @Override
  public void finalizeTranscript() {
    ClientWebSocket to = socket;
    if (open && !over && to != null && !options.turns()) {
      to.writeTextMessage(CartesiaSttCodec.FINALIZE);
    }
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    end();
    ClientWebSocket to = socket;
    if (to != null && open) {
      to.writeTextMessage(CartesiaSttCodec.close(options.turns()));
      long timer = vertx.setTimer(CLOSE_MS, id -> SocketEnd.within(vertx, to, CUT_MS));
      to.closeHandler(x -> vertx.cancelTimer(timer));
    }
  }

  private void opened(ClientWebSocket connected) {
    if (over) {
      connected.close();
      return;
    }
    open = true;
    connected.setWriteQueueMaxSize(WRITE_QUEUE);
    connected.drainHandler(x -> listener.drained());
    pinger = vertx.setPeriodic(Math.max(1, options.pingEvery().toMillis()), id -> ping(connected));
    listener.opened();
  }

  /** Keeps middle boxes from forgetting the socket, and finds out that the peer has vanished. */
  private void ping(ClientWebSocket connected) {
    if (!ponged) {
      SocketEnd.within(vertx, connected, CUT_MS);
      fail(new Failure(Stage.STT, Kind.CLOSED, "Cartesia answers no ping"));
      return;
    }
    ponged = false;
    connected.writePing(Buffer.buffer("va"));
  }

  private void received(String message) {
    if (over) {
      return;
    }
    CartesiaSttEvent event = CartesiaSttCodec.decode(message);
    if (event instanceof CartesiaSttEvent.Transcript transcript) {
      if (transcript.isFinal()) {
        listener.finalText(transcript.text());
      } else {
        listener.interim(transcript.text());
      }
    } else if (event instanceof CartesiaSttEvent.FlushDone) {
      listener.flushed();
    } else if (event instanceof CartesiaSttEvent.TurnStart) {
      listener.turnStarted();
    } else if (event instanceof CartesiaSttEvent.TurnUpdate update) {
      listener.interim(update.text());
    } else if (event instanceof CartesiaSttEvent.TurnEagerEnd eager) {
      listener.turnEagerEnd(eager.text());
    } else if (event instanceof CartesiaSttEvent.TurnResume) {
      listener.turnResumed();
    } else if (event instanceof CartesiaSttEvent.TurnEnd end) {
      listener.turnEnded(end.text());
    } else if (event instanceof CartesiaSttEvent.Failed failed) {
      ClientWebSocket to = socket;
      fail(failed.failure());
      if (to != null) {
        SocketEnd.within(vertx, to, CUT_MS);
      }
    }
  }

  private void fail(Failure failure) {
    if (!over) {
      end();
      listener.failed(failure);
    }
  }

  private void end() {
    over = true;
    Long timer = pinger;
    if (timer != null) {
      vertx.cancelTimer(timer);
      pinger = null;
    }
  }

  private Failure refusal(Throwable cause, long tookNanos) {
    Failure failure =
        Refusal.ofSocket(Stage.STT, "Cartesia", cause, tookNanos, options.connectTimeout());
    if (failure.kind() == Kind.UNAUTHORIZED) {
      LOG.error("Cartesia refused the key: check {}.apiKey", options.prefix());
    }
    return failure;
  }
}
