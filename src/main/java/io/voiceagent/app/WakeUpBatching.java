package io.voiceagent.app;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets busy event loops sleep a moment between two polls of their sockets, so that one wake-up serves many frames.
 *
 * <p>Two thirds of a frame's cost is the kernel's, and at a few hundred calls nearly every frame pays its own wake-up. A
 * loop that looks at its sockets once per millisecond spends about a quarter less on the same calls, for at most that
 * millisecond of delay. An idle loop would pay for nothing, hence the threshold. This blocks an event loop on purpose:
 * the one place that does.
 */
final class WakeUpBatching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeUpBatching.class);

  private final List<EventLoop> loops;
  private final DoubleSupplier frames;
  private final double framesPerSecondPerLoop;
  private final long pauseNanos;
  private double counted;
  private volatile boolean on;
  private volatile boolean closed;

  /**
   * @param frames how many frames arrived so far
   * @param framesPerSecondPerLoop switch on above this rate, off below half of it
   */
  WakeUpBatching(
      List<EventLoop> loops,
      DoubleSupplier frames,
      double framesPerSecondPerLoop,
      long pauseNanos) {
    this.loops = List.copyOf(loops);
    this.frames = frames;
    this.framesPerSecondPerLoop = framesPerSecondPerLoop;
    this.pauseNanos = pauseNanos;
    this.counted = frames.getAsDouble();
  }

  /** To be called once per second, by one thread. */
  void tick() {
    double now = frames.getAsDouble();
    double rate = (now - counted) / loops.size();
    counted = now;
    if (!on && !closed && rate > framesPerSecondPerLoop) {
      on = true;
      LOG.info("batching wake-ups: {} frames/s per event loop", Math.round(rate));
      loops.forEach(loop -> loop.execute(() -> pause(loop)));
    } else if (on && rate < framesPerSecondPerLoop / 2) {
      on = false;
      LOG.info("no longer batching wake-ups: {} frames/s per event loop", Math.round(rate));
    }
  }

  boolean on() {
    return on;
  }

  /** Stops for good; a pause under way ends by itself. */
  @Override
  public void close() {
    closed = true;
    on = false;
  }

  private void pause(EventLoop loop) {
    LockSupport.parkNanos(pauseNanos);
    if (on && !loop.isShuttingDown()) {
      // schedule, not execute: an executed task would run again before the sockets were looked at.
      loop.schedule(() -> pause(loop), 1, TimeUnit.NANOSECONDS);
    }
  }
}
