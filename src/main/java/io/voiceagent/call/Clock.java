package io.voiceagent.call;

/** The one clock: monotonic nanoseconds. Only shells read it; pure code is handed instants. */
@FunctionalInterface
public interface Clock {
  Clock SYSTEM = System::nanoTime;

  /** Monotonic nanoseconds; meaningful only as a difference to another instant of the same node. */
  long nanos();

  static double millisBetween(long from, long to) {
    return (to - from) / 1e6;
  }
}
