package io.voiceagent.media;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.telephony.CarrierEvent;
import io.voiceagent.telephony.Dialect;
import io.voiceagent.telephony.TwilioDialect;
import io.voiceagent.telephony.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public listener of one event loop: webhooks, and one {@link MediaSession} per media socket. */
public final class MediaVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(MediaVerticle.class);
  private static final int MAX_FRAME = 64 * 1024;
  private static final int MAX_MESSAGE = 128 * 1024;
  /** A socket that does not start a call within this time is closed. */
  private static final long START_MS = 10_000;
  /** So much may wait in a carrier's socket: more than the lead, far less than a minute. */
  private static final int WRITE_QUEUE = 32 * 1024;
  /** Messages that make no sense, per socket, until it is closed. */
  private static final int MAX_BAD = 100;

  private final MediaNode node;
  private final Bus bus;
  private final Dialect dialect = new TwilioDialect();
  private final Map<CallId, MediaSession> sessions = new HashMap<>();
  private @Nullable Mailbox mailbox;
  private @Nullable Ticker ticker;
  private @Nullable HttpServer server;
  private @Nullable VoiceWebhook webhook;

  public MediaVerticle(MediaNode node, Bus bus) {
    this.node = node;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.MEDIA);
    mailbox = box;
    ticker = new Ticker(vertx, node.clock);
    vertx.setPeriodic(1000, id -> node.admission.sweep());
    hearOrders(box);
    VoiceWebhook hook = new VoiceWebhook(node.options, node.admission, node.endedByUs, node.meters);
    webhook = hook;
    Router router = Router.router(vertx);
    hook.mount(router);
    server = vertx
        .createHttpServer(serverOptions())
        .webSocketHandshakeHandler(this::handshake)
        .webSocketHandler(this::connected)
        .requestHandler(router);
    return server.listen();
  }

  @Override
  public Future<?> stop() {
    new ArrayList<>(sessions.values()).forEach(session -> session.hangUp(EndReason.DRAIN));
    Objects.requireNonNull(ticker).close();
    return Future.join(
        Objects.requireNonNull(server).close(), Objects.requireNonNull(mailbox).close());
  }

  /** The port that is bound; the configured one unless that was 0. */
  public int port() {
    return Objects.requireNonNull(server, "not started").actualPort();
  }

  private HttpServerOptions serverOptions() {
    HttpServerOptions http = new HttpServerOptions()
        .setHost(node.options.host())
        .setPort(node.port)
        .setAcceptBacklog(4096)
        .setTcpNoDelay(true)
        .setMaxInitialLineLength(4096)
        .setMaxHeaderSize(16 * 1024)
        .setMaxWebSocketFrameSize(MAX_FRAME)
        .setMaxWebSocketMessageSize(MAX_MESSAGE)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setReadIdleTimeout(60)
        .setWebSocketClosingTimeout(2);
    if (!node.options.tlsCert().isEmpty()) {
      http.setSsl(true)
          .setKeyCertOptions(new PemKeyCertOptions()
              .setCertPath(node.options.tlsCert())
              .setKeyPath(node.options.tlsKey()));
      if (OpenSSLEngineOptions.isAvailable()) {
        http.setSslEngineOptions(new OpenSSLEngineOptions());
      }
    }
    return http;
  }

  private void hearOrders(Mailbox box) {
    box.on(CallOrder.ListenWith.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.listenWith(order);
      }
    });
    box.on(CallOrder.ClearPlayout.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.clear(order.turn(), order.onsetAt());
      }
    });
    box.on(CallOrder.HangUp.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        node.endedByUs.add(call.value());
        session.hangUp(order.reason());
        node.dialer
            .hangUp(call)
            .onFailure(cause ->
                LOG.warn("call {}: not ended by the carrier's API: {}", call, cause.getMessage()));
      }
    });
    box.on(CallOrder.ReleaseCall.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.hangUp(EndReason.FAILED);
      }
    });
    box.accept(StreamType.AGENT_AUDIO, (call, play, reader) -> {
      MediaSession session = sessions.get(call);
      if (session == null) {
        throw new FailureException(
            new Failure(Failure.Stage.CARRIER, Failure.Kind.CANCELLED, "the call is over"));
      }
      session.play(play.turn(), reader);
    });
  }

  private void handshake(ServerWebSocketHandshake handshake) {
    boolean signed = Objects.requireNonNull(webhook)
        .signed(
            Objects.requireNonNullElse(handshake.uri(), ""),
            handshake.headers().get("Host"),
            Objects.requireNonNullElse(
                handshake.headers().get("X-Forwarded-Proto"), handshake.isSsl() ? "https" : "http"),
            handshake.headers().get("X-Twilio-Signature"));
    if (!VoiceWebhook.MEDIA.equals(handshake.path())) {
      handshake.reject(404);
    } else if (!signed) {
      node.meters.callRefused("signature");
      handshake.reject(403);
    } else {
      handshake.accept();
    }
  }

  private void connected(ServerWebSocket socket) {
    new Connection(socket);
  }

  /** A socket from its first message on; a call once it has started. */
  private final class Connection {
    private final ServerWebSocket socket;
    private final long startTimer;
    private @Nullable MediaSession session;
    private int bad;

    Connection(ServerWebSocket socket) {
      this.socket = socket;
      startTimer = vertx.setTimer(START_MS, id -> refuse("bad_request", "no start message"));
      socket.setWriteQueueMaxSize(WRITE_QUEUE);
      socket.textMessageHandler(this::message);
      socket.binaryMessageHandler(bytes -> bad("a binary message"));
      socket.exceptionHandler(cause -> LOG.debug("media socket: {}", cause.toString()));
      socket.closeHandler(x -> closed());
    }

    private void message(String text) {
      CarrierEvent event;
      try {
        event = dialect.decode(text);
      } catch (WireException e) {
        bad(Objects.requireNonNullElse(e.getMessage(), ""));
        return;
      }
      MediaSession call = session;
      if (event instanceof CarrierEvent.Started started) {
        if (call == null) {
          start(started);
        } else {
          bad("a second start");
        }
      } else if (call == null) {
        if (!(event instanceof CarrierEvent.Connected)) {
          bad("a message before start");
        }
      } else if (event instanceof CarrierEvent.Audio audio) {
        call.callerAudio(audio.mulaw());
      } else if (event instanceof CarrierEvent.MarkPlayed mark) {
        call.markPlayed(mark.name());
      } else if (event instanceof CarrierEvent.Digit digit) {
        call.digit(digit.digit());
      } else if (event instanceof CarrierEvent.Stopped) {
        call.carrierGone(true);
      } else if (event instanceof CarrierEvent.Other) {
        node.meters.carrierBadMessages.increment();
      }
    }

    private void start(CarrierEvent.Started started) {
      vertx.cancelTimer(startTimer);
      Map<String, String> parameters = started.parameters();
      String refusal =
          node.admission.redeem(started.callSid(), parameters.getOrDefault("token", ""));
      if (refusal != null) {
        refuse(refusal, "start of " + started.callSid());
        return;
      }
      CallInfo info = new CallInfo(
          new CallId(started.callSid()),
          started.streamSid(),
          "outbound".equals(parameters.get("direction"))
              ? CallInfo.Direction.OUTBOUND
              : CallInfo.Direction.INBOUND,
          parameters.getOrDefault("customer", ""),
          parameters.getOrDefault("agent", ""));
      MediaSession call = new MediaSession(
          node.options,
          info,
          socket,
          dialect,
          Objects.requireNonNull(mailbox),
          node.meters,
          node.clock,
          this::ended);
      session = call;
      sessions.put(info.id(), call);
      Objects.requireNonNull(ticker).add(call);
      node.meters.callStarted();
      LOG.info("call {} started, {}", info.id(), info.direction());
      call.start();
    }

    private void ended() {
      MediaSession call = Objects.requireNonNull(session);
      sessions.remove(call.info().id(), call);
      Objects.requireNonNull(ticker).remove(call);
      node.admission.release(call.info().id());
      node.meters.callEnded(call.info(), call.reason(), call.startedAt(), node.clock.nanos());
      LOG.info("call {} ended: {}", call.info().id(), call.reason().label());
    }

    private void closed() {
      vertx.cancelTimer(startTimer);
      if (session != null) {
        session.carrierGone(false);
      }
    }

    private void refuse(String reason, String detail) {
      node.meters.callRefused(reason);
      LOG.warn("media socket refused ({}): {}", reason, detail);
      socket.close((short) 1008);
    }

    private void bad(String what) {
      node.meters.carrierBadMessages.increment();
      if (++bad > MAX_BAD) {
        LOG.warn("media socket closed after {} bad messages, the last: {}", bad, what);
        socket.close((short) 1003);
      }
    }
  }
}
