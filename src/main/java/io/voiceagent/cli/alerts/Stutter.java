package io.voiceagent.cli.alerts;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Stops a process for a moment, again and again: what a machine does that is too small, or pauses for memory. */
final class Stutter {
  private static final long EVERY_MS = 600;
  private static final long FROZEN_MS = 150;

  private final ServiceProcess service;
  private ScheduledExecutorService running = Executors.newSingleThreadScheduledExecutor();

  Stutter(ServiceProcess service) {
    this.service = service;
  }

  void begin() {
    running = Executors.newSingleThreadScheduledExecutor();
    running.scheduleWithFixedDelay(this::once, 0, EVERY_MS - FROZEN_MS, TimeUnit.MILLISECONDS);
  }

  /** The process is running when this returns. */
  void end() throws IOException {
    running.shutdown();
    try {
      running.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    service.signal("CONT");
  }

  private void once() {
    try {
      service.signal("STOP");
      Thread.sleep(FROZEN_MS);
      service.signal("CONT");
    } catch (IOException e) {
      // It is gone; the next round will tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
