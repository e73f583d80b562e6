package io.voiceagent.bus;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How old it is what another node says. When a network is cut, what was under way waits in the sending machine and arrives
 * when it is mended, half a minute later: orders of turns that are long over.
 *
 * <p>Clocks of two nodes have nothing in common, but the least difference that was seen between them stands for a message
 * that took no time. It is looked for anew every two minutes, because clocks drift, and at once when all that comes seems
 * too old: a machine that was halted has a clock that stood still. Pure; any thread.
 */
final class Ages {
  private static final long WINDOW_MS = 120_000;
  /** More nodes than a cluster has; the one that was silent longest is forgotten. */
  private static final int MAX_NODES = 1000;

  /** What waited comes all at once; a clock that is behind stays so. */
  private static final long BURST_MS = 2_000;

  private static final class Link {
    long since;
    long least = Long.MAX_VALUE;
    long leastBefore = Long.MAX_VALUE;
    long oldSince = Long.MAX_VALUE;
  }

  private final long limitMs;

  private final Map<String, Link> links = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Link> eldest) {
      return size() > MAX_NODES;
    }
  };

  /** @param limitMs what is older is too old */
  Ages(long limitMs) {
    this.limitMs = limitMs;
  }

  boolean tooOld(long ageMs) {
    return ageMs > limitMs;
  }

  /**
   * How many milliseconds ago {@code node} said it, at least.
   *
   * @param saidMs by that node's clock
   * @param nowMs by ours
   */
  synchronized long of(String node, long saidMs, long nowMs) {
    Link link = links.computeIfAbsent(node, name -> new Link());
    if (nowMs - link.since >= WINDOW_MS) {
      boolean recent = nowMs - link.since < 2 * WINDOW_MS;
      link.leastBefore = recent ? link.least : Long.MAX_VALUE;
      link.least = Long.MAX_VALUE;
      link.since = nowMs;
    }
    long difference = nowMs - saidMs;
    link.least = Math.min(link.least, difference);
    long age = difference - Math.min(link.least, link.leastBefore);
    if (!tooOld(age)) {
      link.oldSince = Long.MAX_VALUE;
      return age;
    }
    link.oldSince = Math.min(link.oldSince, nowMs);
    if (nowMs - link.oldSince < BURST_MS) {
      return age;
    }
    link.least = difference;
    link.leastBefore = Long.MAX_VALUE;
    link.oldSince = Long.MAX_VALUE;
    return 0;
  }
}
