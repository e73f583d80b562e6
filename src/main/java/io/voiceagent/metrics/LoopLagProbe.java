package io.voiceagent.metrics;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.voiceagent.call.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How late each event loop runs what is due. One short timer per loop, never per call; a beat reschedules itself, so a
 * loop that was blocked gives one large sample and no burst of catch-ups.
 */
public final class LoopLagProbe implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final List<Beat> beats = new ArrayList<>();
  private final Clock clock;
  private volatile boolean closed;

  private LoopLagProbe(Clock clock) {
    this.clock = clock;
  }

  /** Watches every event loop of {@code vertx} until it is closed. */
  public static LoopLagProbe watch(Vertx vertx, VoiceMeters meters, Clock clock) {
    LoopLagProbe probe = new LoopLagProbe(clock);
    for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      Beat beat = probe.new Beat(loop, meters);
      probe.beats.add(beat);
      beat.schedule();
    }
    return probe;
  }

  /** Milliseconds since the quietest loop last showed life: what a stuck loop looks like from outside. */
  public long longestSilenceMs() {
    long now = clock.nanos();
    long longest = 0;
    for (Beat beat : beats) {
      longest = Math.max(longest, now - beat.lastAt);
    }
    return TimeUnit.NANOSECONDS.toMillis(longest);
  }

  /** The worst lag, in milliseconds, that any loop showed at its latest beat, or shows now by being overdue. */
  public double currentLagMs() {
    long now = clock.nanos();
    double worst = 0;
    for (Beat beat : beats) {
      double overdue = (now - beat.lastAt - PERIOD_NANOS) / 1e6;
      worst = Math.max(worst, Math.max(beat.lastLagMs, overdue));
    }
    return worst;
  }

  @Override
  public void close() {
    closed = true;
  }

  private final class Beat implements Runnable {
    private final EventExecutor loop;
    private final VoiceMeters meters;
    private long dueAt;
    private volatile long lastAt = clock.nanos();
    private volatile double lastLagMs;

    Beat(EventExecutor loop, VoiceMeters meters) {
      this.loop = loop;
      this.meters = meters;
    }

    void schedule() {
      if (!closed && !loop.isShuttingDown()) {
        dueAt = clock.nanos() + PERIOD_NANOS;
        loop.schedule(this, PERIOD_NANOS, TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public void run() {
      long now = clock.nanos();
      lastAt = now;
      lastLagMs = Math.max(0, (now - dueAt) / 1e6);
      meters.loopLag.record(lastLagMs);
      schedule();
    }
  }
}
