package io.voiceagent.tts.cartesia;

import io.vertx.core.Vertx;
import io.voiceagent.call.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits for the next audio. One timer, moved when it fires: messages come far more often than time-outs. */
final class AudioWait {
  private final Vertx vertx;
  private final Clock clock;
  private final Runnable overdue;
  private Duration limit = Duration.ZERO;
  private long since;
  private @Nullable Long timer;

  AudioWait(Vertx vertx, Clock clock, Runnable overdue) {
    this.vertx = vertx;
    this.clock = clock;
    this.overdue = overdue;
  }

  /** From here on it is waited for. */
  void anew() {
    since = clock.nanos();
  }

  /** Within so much; told once when it is over, unless set again. */
  void limit(Duration within) {
    stop();
    limit = within;
    arm();
  }

  void stop() {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
      timer = null;
    }
  }

  private void arm() {
    long left = limit.toMillis() - (clock.nanos() - since) / 1_000_000;
    timer = vertx.setTimer(Math.max(1, left), id -> {
      timer = null;
      if (clock.nanos() - since < limit.toNanos()) {
        arm();
      } else {
        overdue.run();
      }
    });
  }
}
