package io.voiceagent.media;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections that carry no call are open on this node, in all and by peer. Thread-safe. */
final class PeerLimits {
  private static final int IPV6_NETWORK = 8;

  private final int perPeer;
  private final int all;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, Integer> byPeer = new ConcurrentHashMap<>();

  PeerLimits(int perPeer, int all) {
    this.perPeer = perPeer;
    this.all = all;
  }

  /** False: there are enough, and nothing was counted. */
  boolean enter(String peer) {
    if (open.incrementAndGet() > all) {
      open.decrementAndGet();
      return false;
    }
    boolean[] entered = new boolean[1];
    byPeer.compute(peer, (key, count) -> {
      int now = count == null ? 0 : count;
      entered[0] = now < perPeer;
      return entered[0] ? Integer.valueOf(now + 1) : count;
    });
    if (!entered[0]) {
      open.decrementAndGet();
    }
    return entered[0];
  }

  void leave(String peer) {
    open.decrementAndGet();
    byPeer.computeIfPresent(peer, (key, count) -> count == 1 ? null : count - 1);
  }

  int open() {
    return open.get();
  }

  /** An address is one peer; in IPv6, where anyone owns 2^64 addresses, a network is. */
  static String peer(String address) {
    try {
      InetAddress parsed = InetAddress.getByName(address);
      if (parsed instanceof Inet6Address) {
        return Arrays.toString(Arrays.copyOf(parsed.getAddress(), IPV6_NETWORK));
      }
      return parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
