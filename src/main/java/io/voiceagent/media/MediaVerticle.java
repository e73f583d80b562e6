package io.voiceagent.media;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.ext.web.Router;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.telephony.Dialect;
import io.voiceagent.telephony.TwilioDialect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public listener of one event loop: webhooks, and one {@link MediaSession} per media socket. */
public final class MediaVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(MediaVerticle.class);
  private static final long CAP_LOOK_MS = 200;
  private static final long CAP_GRACE_NANOS = 400_000_000L;

  private final MediaNode node;
  private final Bus bus;
  private final Dialect dialect = new TwilioDialect();
  private final Map<CallId, MediaSession> sessions = new HashMap<>();
  private @Nullable Mailbox mailbox;
  private @Nullable Ticker ticker;
  private @Nullable MediaLoop loop;
  private @Nullable HttpServer server;
  private final PublicUrl url;
  private final CarrierProof proof;
  private final Visitors visitors;
  private final Seldom refusals;

  public MediaVerticle(MediaNode node, Bus bus) {
    this.node = node;
    this.bus = bus;
    this.url = new PublicUrl(node.options.publicUrl());
    this.proof = new CarrierProof(node.options.twilio(), url);
    this.visitors =
        new Visitors(node.peers, node.options.requestTimeout(), node.meters, node.clock);
    this.refusals = new Seldom(node.clock);
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.MEDIA);
    mailbox = box;
    ticker = new Ticker(vertx, node.clock);
    loop = new MediaLoop(vertx, node, dialect, box, ticker, visitors, sessions, refusals);
    vertx.setPeriodic(1000, id -> {
      node.admission.sweep();
      visitors.sweep();
    });
    vertx.setPeriodic(CAP_LOOK_MS, id -> endOverdue());
    hearOrders(box);
    Router router = Router.router(vertx);
    new VoiceWebhook(node, url, proof, visitors).mount(router);
    HttpServer listener = node.listening
        .create(vertx, ListenerOptions.of(node.options))
        .connectionHandler(visitors::arrived)
        .webSocketHandshakeHandler(this::handshake)
        .webSocketHandler(this::connected)
        .requestHandler(router);
    server = listener;
    if (!node.options.tlsCert().isEmpty()) {
      new TlsFiles(node.options).watch(vertx, listener);
    }
    return node.listening
        .listen(vertx, listener)
        .recover(cause -> Future.failedFuture(new IOException(
            "cannot listen on " + node.options.host() + ":" + node.port
                + " (media.host, media.port): " + cause.getMessage(),
            cause)));
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

  private void hearOrders(Mailbox box) {
    box.on(CallOrder.ListenWith.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.listenWith(order);
      }
    });
    box.on(CallOrder.FinalizeTranscript.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.finalizeTranscript(order);
      }
    });
    box.on(CallOrder.ClearPlayout.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.clear(order.turn(), order.onsetAt());
      }
    });
    box.on(CallOrder.HoldPlayout.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        session.hold(order.until());
      }
    });
    box.on(CallOrder.HangUp.class, (call, order) -> {
      MediaSession session = sessions.get(call);
      if (session != null) {
        endCall(session, order.reason());
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
      session.play(play, reader);
    });
  }

  /**
   * At the carrier too, by both ways that it has: by REST now, and by what follows its stream. When words follow, only by
   * that: hung up at once they would not be heard.
   */
  private void endCall(MediaSession session, EndReason reason) {
    CallId call = session.info().id();
    String lastWords = reason.lastWords(node.farewell);
    node.endedByUs.add(call.value(), lastWords);
    session.hangUp(reason);
    if (!lastWords.isEmpty()) {
      return;
    }
    node.dialer
        .hangUp(call)
        .onFailure(cause ->
            LOG.warn("call {}: not ended by the carrier's API: {}", call, cause.getMessage()));
  }

  /** The conversation ends a call at its limit; this holds whatever became of the conversation or of the session. */
  private void endOverdue() {
    long latest =
        node.clock.nanos() - node.options.limits().maxCallDuration().toNanos() - CAP_GRACE_NANOS;
    for (MediaSession session : List.copyOf(sessions.values())) {
      if (session.startedAt() < latest) {
        LOG.error("call {}: still up beyond its limit", session.info().id());
        endCall(session, EndReason.MAX_DURATION);
      }
    }
  }

  private void handshake(ServerWebSocketHandshake handshake) {
    if (!VoiceWebhook.MEDIA.equals(handshake.path())) {
      handshake.reject(404);
    } else if (!proof.of(handshake)) {
      node.meters.callRefused("signature");
      if (refusals.now()) {
        LOG.warn(
            "refused a media socket: it lacks the signature of a carrier, or it was signed for "
                + "another address than media.publicUrl{}",
            refusals.omitted());
      }
      handshake.reject(403);
    } else {
      visitors.proven(handshake.remoteAddress());
      handshake.accept();
    }
  }

  private void connected(ServerWebSocket socket) {
    new CarrierSocket(Objects.requireNonNull(loop), socket);
  }
}
