package io.voiceagent.media;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop that carry no call. A new one has to bring a request that bears the carrier's
 * signature soon; until then whoever is behind it is nobody, and holds a place for that long at most.
 */
final class Visitors {
  private static final class Visitor {
    private final HttpConnection connection;
    private final String peer;
    private final long since;
    private boolean proven;

    Visitor(HttpConnection connection, String peer, long since) {
      this.connection = connection;
      this.peer = peer;
      this.since = since;
    }
  }

  private final PeerLimits limits;
  private final long patienceNanos;
  private final VoiceMeters meters;
  private final Clock clock;
  /** By remote address and port, which no two open connections share. */
  private final Map<SocketAddress, Visitor> visitors = new HashMap<>();

  /** @param patience how long a connection may prove nothing */
  Visitors(PeerLimits limits, Duration patience, VoiceMeters meters, Clock clock) {
    this.limits = limits;
    this.patienceNanos = patience.toNanos();
    this.meters = meters;
    this.clock = clock;
  }

  void arrived(HttpConnection connection) {
    SocketAddress remote = connection.remoteAddress();
    String peer = PeerLimits.peer(Objects.requireNonNullElse(remote.hostAddress(), ""));
    if (!limits.enter(peer)) {
      meters.connectionsRefused.increment();
      connection.close();
      return;
    }
    visitors.put(remote, new Visitor(connection, peer, clock.nanos()));
    connection.closeHandler(x -> left(remote));
  }

  /** It brought a request of the carrier. */
  void proven(SocketAddress remote) {
    Visitor visitor = visitors.get(remote);
    if (visitor != null) {
      visitor.proven = true;
    }
  }

  /** It carries a call, or it is gone. An upgraded connection does not say so itself. */
  void left(SocketAddress remote) {
    @Nullable Visitor visitor = visitors.remove(remote);
    if (visitor != null) {
      limits.leave(visitor.peer);
    }
  }

  /** Closes those that proved nothing in time. To be called every second. */
  void sweep() {
    long now = clock.nanos();
    for (Visitor visitor : new ArrayList<>(visitors.values())) {
      if (!visitor.proven && now - visitor.since > patienceNanos) {
        meters.connectionsRefused.increment();
        visitor.connection.close();
      }
    }
  }
}
