package io.voiceagent.app;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.metrics.VoiceMeters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets busy event loops sleep a moment between two polls of their sockets, so that one wake-up serves many frames.
 *
 * <p>Two thirds of a frame's cost is the kernel's, and at a few hundred calls nearly every frame pays its own wake-up. A
 * loop that looks at its sockets once per millisecond serves several frames by one, for at most that millisecond of
 * delay. It pays where cores idle between the frames, and nothing where other work fills them, so it is off unless a
 * threshold says otherwise; measure before and after. This blocks an event loop on purpose: the one place that does.
 */
final class WakeUpBatching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WakeUpBatching.class);

  private static final long SECOND_MS = 1000;
  /** A loop that has had tasks for so long is busy enough to look at its sockets instead of sleeping. */
  private static final int MOST_DEFERRED = 64;

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

  /** Watches every event loop of {@code vertx}; null when it is switched off. */
  static @Nullable WakeUpBatching watch(Vertx vertx, RuntimeOptions options, VoiceMeters meters) {
    if (options.batchAbove() == 0) {
      return null;
    }
    List<EventLoop> loops = new ArrayList<>();
    ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loop -> loops.add((EventLoop) loop));
    WakeUpBatching batching = new WakeUpBatching(
        loops,
        () -> meters.carrierBytesIn.count() / AudioFrame.FRAME_BYTES,
        options.batchAbove(),
        options.batchPause().toNanos());
    vertx.setPeriodic(SECOND_MS, id -> batching.tick());
    return batching;
  }

  /** To be called once per second, by one thread. */
  void tick() {
    double now = frames.getAsDouble();
    double rate = (now - counted) / loops.size();
    counted = now;
    if (!on && !closed && rate > framesPerSecondPerLoop) {
      on = true;
      LOG.info("batching wake-ups: {} frames/s per event loop", Math.round(rate));
      loops.forEach(loop -> loop.execute(() -> pause(loop, 0)));
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

  /** Sleeps once nothing waits but the sockets: a turn's way from stage to stage must not be held up at each step. */
  private void pause(EventLoop loop, int deferred) {
    boolean tasksWait =
        loop instanceof SingleThreadEventExecutor executor && executor.pendingTasks() > 0;
    if (tasksWait && deferred < MOST_DEFERRED) {
      loop.execute(() -> pause(loop, deferred + 1));
      return;
    }
    if (!tasksWait) {
      LockSupport.parkNanos(pauseNanos);
    }
    if (on && !loop.isShuttingDown()) {
      // schedule, not execute: an executed task would run again before the sockets were looked at.
      loop.schedule(() -> pause(loop, 0), 1, TimeUnit.NANOSECONDS);
    }
  }
}
