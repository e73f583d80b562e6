package io.voiceagent.sim;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The clock of every caller of an event loop: one timer, each caller due every 20 ms on an absolute schedule. Callers are
 * spread over four slots, so that a loop wakes 200 times per second however many they are, and hundreds of frames share
 * a wake-up. A frame that is late is still sent, and its lateness counted: a generator that falls behind must say so.
 */
final class Pacer {
  /** Something that happens every 20 ms. */
  interface Paced {
    /** @return whether it goes on */
    boolean tick(long now);
  }

  private static final int SLOTS = 4;
  private static final int SLOT_MS = 5;
  private static final long SLOT_NANOS = SLOT_MS * 1_000_000L;
  /** Further behind than this nobody could catch up without flooding. */
  private static final long MAX_BEHIND_NANOS = 2_000_000_000L;

  private final List<List<Paced>> slots = new ArrayList<>();
  private final SingleWriterRecorder lateness;
  private final Vertx vertx;
  private final long timer;
  private long dueAt = System.nanoTime();
  private int slot;
  private boolean catchingUp;

  /** To be created on the event loop that it serves. {@code lateness} gets microseconds. */
  Pacer(Vertx vertx, SingleWriterRecorder lateness) {
    this.lateness = lateness;
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>());
    }
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(SLOT_MS, id -> advance());
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  /** On the loop only. */
  void add(Paced paced) {
    List<Paced> emptiest = slots.get(0);
    for (List<Paced> candidate : slots) {
      emptiest = candidate.size() < emptiest.size() ? candidate : emptiest;
    }
    emptiest.add(paced);
  }

  private void advance() {
    long now = System.nanoTime();
    if (now - dueAt > MAX_BEHIND_NANOS) {
      lateness.recordValue((now - dueAt) / 1000);
      dueAt = now;
    }
    for (int served = 0; served < SLOTS && dueAt - now <= 0; served++) {
      serve(slots.get(slot), dueAt);
      slot = (slot + 1) % SLOTS;
      dueAt += SLOT_NANOS;
      now = System.nanoTime();
    }
    if (dueAt - now <= 0 && !catchingUp) {
      // Behind by more than a frame: first read what arrived meanwhile, or the callers would play
      // silence that is not
      // the service's fault.
      catchingUp = true;
      vertx.setTimer(1, id -> {
        catchingUp = false;
        advance();
      });
    }
  }

  private void serve(List<Paced> due, long at) {
    for (int i = due.size() - 1; i >= 0; i--) {
      long now = System.nanoTime();
      lateness.recordValue(Math.max(0, (now - at) / 1000));
      if (!due.get(i).tick(now)) {
        // The last takes the place of the one that left: the order within a slot means nothing.
        due.set(i, due.get(due.size() - 1));
        due.remove(due.size() - 1);
      }
    }
  }
}
