package io.voiceagent.bus;

import io.vertx.core.Vertx;
import io.voiceagent.call.Failure;
import io.voiceagent.call.StageAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one mailbox whose other end is on another node, and the proof that it is still there.
 *
 * <p>A send to a dead node succeeds like any other, so silence must be noticed: both ends name the streams that they hold,
 * all of a pair of mailboxes in one heartbeat, and an end that was not named for {@link BusOptions#peerTimeout} is lost.
 * This also ends what a lost frame would leave behind on one side only. A heartbeat comes behind all that was sent before
 * it and says how much that was. On one event loop.
 */
final class RemoteStreams {
  private static final class Held {
    final StageAddress peer;
    final long peerId;
    final RemoteEnd end;
    long aliveAt;

    Held(StageAddress peer, long peerId, RemoteEnd end, long aliveAt) {
      this.peer = peer;
      this.peerId = peerId;
      this.end = end;
      this.aliveAt = aliveAt;
    }
  }

  private final Vertx vertx;
  private final StageAddress self;
  private final Remote remote;
  private final BusOptions options;
  private final BiConsumer<StageAddress, Envelope> heartbeat;
  private final Map<Long, Held> streams = new HashMap<>();
  private @Nullable Long timer;
  private long tickedAt;

  /** @param heartbeat tells a peer what is held here */
  RemoteStreams(
      Vertx vertx,
      StageAddress self,
      Remote remote,
      BusOptions options,
      BiConsumer<StageAddress, Envelope> heartbeat) {
    this.vertx = vertx;
    this.self = self;
    this.remote = remote;
    this.options = options;
    this.heartbeat = heartbeat;
  }

  void add(long id, StageAddress peer, long peerId, RemoteEnd end) {
    streams.put(id, new Held(peer, peerId, end, remote.clock.nanos()));
    if (timer == null) {
      tickedAt = remote.clock.nanos();
      timer = vertx.setPeriodic(options.heartbeat().toMillis(), x -> tick());
    }
  }

  void remove(long id) {
    streams.remove(id);
    if (streams.isEmpty()) {
      close();
    }
  }

  void alive(Envelope.Alive alive) {
    long now = remote.clock.nanos();
    for (int i = 0; i < alive.streams().length; i++) {
      Held held = streams.get(alive.streams()[i]);
      if (held != null && held.peer.equals(alive.from())) {
        held.aliveAt = now;
        if (i < alive.positions().length) {
          held.end.peerAt(alive.positions()[i]);
        }
      }
    }
  }

  /** The node is known to be gone. */
  void lose(String node) {
    lose(held -> held.peer.node().equals(node), node + " has left the cluster");
  }

  int size() {
    return streams.size();
  }

  void close() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
  }

  private void tick() {
    long now = remote.clock.nanos();
    long stalled = now - tickedAt - options.heartbeat().toNanos();
    tickedAt = now;
    Map<StageAddress, List<Held>> named = new HashMap<>();
    for (Held held : streams.values()) {
      named.computeIfAbsent(held.peer, peer -> new ArrayList<>()).add(held);
      if (stalled > options.heartbeat().toNanos()) {
        // This loop stood still: the peers' heartbeats are waiting behind this very timer.
        held.aliveAt += stalled;
      }
    }
    named.forEach((peer, held) -> heartbeat.accept(
        peer,
        new Envelope.Alive(
            self,
            held.stream().mapToLong(one -> one.peerId).toArray(),
            held.stream().mapToLong(one -> one.end.position()).toArray())));
    long silence = options.peerTimeout().toNanos();
    lose(held -> now - held.aliveAt > silence, "it is silent");
  }

  private void lose(java.util.function.Predicate<Held> which, String why) {
    for (Held held : List.copyOf(streams.values())) {
      if (which.test(held)) {
        held.end.lose(new Failure(
            Failure.Stage.BUS,
            Failure.Kind.PEER_LOST,
            held.peer.busAddress() + " is lost: " + why));
      }
    }
  }
}
