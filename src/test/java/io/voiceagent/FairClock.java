package io.voiceagent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time without that in which the machine was busy with something else: a thread sleeps and sees how late it wakes. For
 * limits that hold for what we do and not for what the machine does beside it.
 */
public final class FairClock {
  private static final long NAP_NANOS = 5_000_000;
  private static final AtomicLong LOST = new AtomicLong();

  static {
    Thread sleeper = new Thread(
        () -> {
          while (true) {
            long before = System.nanoTime();
            try {
              TimeUnit.NANOSECONDS.sleep(NAP_NANOS);
            } catch (InterruptedException e) {
              return;
            }
            // Twice the nap is what a machine at leisure may take.
            LOST.addAndGet(Math.max(0, System.nanoTime() - before - 2 * NAP_NANOS));
          }
        },
        "fair clock");
    sleeper.setDaemon(true);
    sleeper.start();
  }

  private FairClock() {}

  public static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - LOST.get());
  }
}
