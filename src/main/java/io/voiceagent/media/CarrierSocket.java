package io.voiceagent.media;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.telephony.CarrierEvent;
import io.voiceagent.telephony.WireException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket from its first message on; a call once it has started. */
final class CarrierSocket {
  private static final Logger LOG = LoggerFactory.getLogger(CarrierSocket.class);
  /** So much may wait in a carrier's socket: more than the lead, far less than a minute. */
  private static final int WRITE_QUEUE = 32 * 1024;
  /** Messages that make no sense, until it is closed. */
  private static final int MAX_BAD = 100;

  /** A close that the peer does not take is waited for so long; then the socket is cut. */
  private static final long CUT_MS = 1_500;

  private final MediaLoop loop;
  private final MediaNode node;
  private final ServerWebSocket socket;
  private final long startTimer;
  private final LineLimits limits;
  private @Nullable MediaSession session;
  private int bad;
  /** What arrives from here on is of nobody. */
  private boolean over;

  private boolean gone;
  private @Nullable Long cutTimer;

  CarrierSocket(MediaLoop loop, ServerWebSocket socket) {
    this.loop = loop;
    this.node = loop.node();
    this.socket = socket;
    limits = new LineLimits(node.options.inboundTimeout(), node.clock.nanos());
    startTimer = loop.vertx()
        .setTimer(
            node.options.requestTimeout().toMillis(),
            id -> refuse("bad_request", "no start message"));
    socket.setWriteQueueMaxSize(WRITE_QUEUE);
    socket.textMessageHandler(this::message);
    socket.binaryMessageHandler(bytes -> bad("a binary message"));
    socket.exceptionHandler(this::broken);
    socket.closeHandler(x -> closed());
  }

  private void message(String text) {
    if (over) {
      return;
    }
    if (!limits.message(node.clock.nanos())) {
      flooded();
      return;
    }
    CarrierEvent event;
    try {
      event = loop.dialect().decode(text);
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
      sound(call, audio.mulaw());
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
    loop.vertx().cancelTimer(startTimer);
    Map<String, String> parameters = started.parameters();
    String token = parameters.getOrDefault("token", "");
    String refusal = node.admission.redeem(started.callSid(), token);
    if (refusal != null) {
      refuse(refusal, refusal.equals("token") ? "no token of this call" : "no place is free");
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
        loop.dialect(),
        loop.mailbox(),
        node.meters,
        node.clock,
        node.others.present(),
        node.detectors.get(),
        this::ended);
    session = call;
    loop.visitors().left(socket.remoteAddress());
    loop.sessions().put(info.id(), call);
    loop.ticker().add(call);
    node.meters.callStarted();
    LOG.info("call {} started, {}", info.id(), info.direction());
    call.start(
        parameters.containsKey(VoiceWebhook.RESUMED),
        number(parameters.getOrDefault(VoiceWebhook.BROKE, "")));
  }

  private static long number(String digits) {
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  private void sound(MediaSession call, byte[] mulaw) {
    if (limits.sound(mulaw.length, node.clock.nanos())) {
      call.callerAudio(mulaw);
    } else {
      node.meters.carrierFlood.increment();
      node.meters.carrierBytesIn.increment(mulaw.length);
      node.meters.audioDroppedBytes.increment(mulaw.length);
    }
  }

  private void ended() {
    over = true;
    cutSoon();
    MediaSession call = Objects.requireNonNull(session);
    loop.sessions().remove(call.info().id(), call);
    loop.ticker().remove(call);
    node.admission.release(call.info().id());
    node.meters.callEnded(call.info(), call.reason(), call.startedAt(), node.clock.nanos());
    LOG.info("call {} ended: {}", call.info().id(), call.reason().label());
  }

  private void closed() {
    gone = true;
    loop.vertx().cancelTimer(startTimer);
    if (cutTimer != null) {
      loop.vertx().cancelTimer(cutTimer);
    }
    loop.visitors().left(socket.remoteAddress());
    if (session != null) {
      session.carrierGone(false);
    }
  }

  private void refuse(String reason, String detail) {
    node.meters.callRefused(reason);
    if (loop.refusals().now()) {
      LOG.warn(
          "media socket refused ({}): {}{}", reason, detail, loop.refusals().omitted());
    }
    shut((short) 1008);
  }

  private void flooded() {
    node.meters.carrierFlood.increment();
    LOG.warn("{}: the carrier's socket brings more messages than any line; closed", name());
    shut((short) 1008);
  }

  /** A frame or a message beyond its limit, or a network that broke. */
  private void broken(Throwable cause) {
    if (!over && !(cause instanceof HttpClosedException)) {
      node.meters.carrierBadMessages.increment();
      LOG.warn("{}: the carrier's socket is closed: {}", name(), cause.getMessage());
      shut((short) 1009);
    }
  }

  /** Whoever reads nothing never gets the close frame, and would keep the socket for as long as it likes. */
  private void cutSoon() {
    if (!gone && cutTimer == null) {
      cutTimer = loop.vertx()
          .setTimer(
              CUT_MS, id -> ((WebSocketInternal) socket).channelHandlerContext().close());
    }
  }

  private void shut(short status) {
    over = true;
    loop.vertx().cancelTimer(startTimer);
    if (!socket.isClosed()) {
      socket.close(status);
      // What it still sends waits in its own buffers.
      socket.pause();
      cutSoon();
    }
    if (session != null) {
      session.carrierGone(false);
    }
  }

  private String name() {
    return session == null ? "no call" : "call " + session.info().id();
  }

  private void bad(String what) {
    node.meters.carrierBadMessages.increment();
    if (++bad > MAX_BAD) {
      LOG.warn("{}: closed after {} bad messages, the last: {}", name(), bad, what);
      shut((short) 1003);
    }
  }
}
