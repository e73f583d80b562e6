package io.voiceagent.sim;

import java.time.Duration;
import java.util.Random;

/** Waits as providers have them: log-normal around a median, from a seed. */
final class Delays {
  private final Random random;
  private final double jitter;

  Delays(long seed, double jitter) {
    this.random = new Random(seed);
    this.jitter = jitter;
  }

  /** Milliseconds. */
  synchronized long next(Duration median) {
    return median.isZero() || jitter == 0
        ? median.toMillis()
        : Math.round(median.toMillis() * Math.exp(jitter * random.nextGaussian()));
  }
}
