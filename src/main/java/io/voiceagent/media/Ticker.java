package io.voiceagent.media;

import io.vertx.core.Vertx;
import io.voiceagent.call.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * One timer for all calls of an event loop. A timer per call would cost half a core per thousand calls; calls spread over
 * four slots of 5 ms so that their frames do not leave in one burst.
 */
final class Ticker {
  private static final int SLOTS = 4;
  private static final long SLOT_MS = 5;

  /** Called every 20 ms. */
  interface Ticked {
    void tick(long now);
  }

  private final Clock clock;
  private final List<List<Ticked>> slots = new ArrayList<>();
  private final long timer;
  private final Vertx vertx;
  private int next;
  private int slot;

  Ticker(Vertx vertx, Clock clock) {
    this.vertx = vertx;
    this.clock = clock;
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>());
    }
    timer = vertx.setPeriodic(SLOT_MS, id -> tick());
  }

  void add(Ticked ticked) {
    slots.get(next++ % SLOTS).add(ticked);
  }

  void remove(Ticked ticked) {
    slots.forEach(list -> list.remove(ticked));
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  private void tick() {
    List<Ticked> due = slots.get(slot);
    slot = (slot + 1) % SLOTS;
    long now = clock.nanos();
    // Backwards, because a call may leave while it is served.
    for (int i = due.size() - 1; i >= 0; i--) {
      if (i < due.size()) {
        due.get(i).tick(now);
      }
    }
  }
}
