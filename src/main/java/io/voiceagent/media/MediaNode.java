package io.voiceagent.media;

import io.vertx.core.Vertx;
import io.voiceagent.audio.EnergyDetector;
import io.voiceagent.audio.VoiceDetector;
import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.function.Supplier;

/** What the media verticles of one node share. */
public final class MediaNode {
  final MediaOptions options;
  final VoiceMeters meters;
  final Clock clock;
  final Admission admission;
  final Dialer dialer;
  final Supplier<VoiceDetector> detectors;
  /** All instances listen on one port, so it is chosen once. */
  final int port;

  final ListeningSockets listening;

  final EndedCalls endedByUs = new EndedCalls();
  final PeerLimits peers;
  final OtherNodes others;
  /** What the carrier says to whom our own voice failed. */
  final String farewell;

  public MediaNode(Vertx vertx, MediaOptions options, VoiceMeters meters, Clock clock) {
    this(
        vertx,
        options,
        meters,
        clock,
        OtherNodes.NONE,
        SharedLimit.NONE,
        () -> new EnergyDetector(options.voice().energy()),
        "");
  }

  /**
   * @param shared the limit of calls that others give places of, too
   * @param detectors makes each call's voice detector
   * @param farewell said by the carrier when a call has to end and no voice of ours can be heard
   */
  public MediaNode(
      Vertx vertx,
      MediaOptions options,
      VoiceMeters meters,
      Clock clock,
      OtherNodes others,
      SharedLimit shared,
      Supplier<VoiceDetector> detectors,
      String farewell) {
    this.others = others;
    this.farewell = farewell;
    this.options = options;
    this.meters = meters;
    this.clock = clock;
    this.detectors = detectors;
    this.admission = new Admission(options, System::currentTimeMillis, shared);
    this.port = options.port() == 0 ? freePort() : options.port();
    this.listening = new ListeningSockets(options.host(), port);
    this.peers = new PeerLimits(options.maxConnectionsPerPeer(), options.maxConnections());
    this.dialer = new Dialer(vertx, options, "http://127.0.0.1:" + port);
    meters.callsLimit(admission::limit);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  public Admission admission() {
    return admission;
  }

  public Dialer dialer() {
    return dialer;
  }
}
