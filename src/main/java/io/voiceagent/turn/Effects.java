package io.voiceagent.turn;

import java.util.ArrayList;
import java.util.List;

/** What one event leads to, in order, and the instant at which it happened. */
final class Effects {
  private List<TurnEffect> effects = new ArrayList<>();
  private long now;

  void begin(long at) {
    effects = new ArrayList<>(4);
    now = at;
  }

  /** The event's instant, nanoseconds. */
  long now() {
    return now;
  }

  void add(TurnEffect effect) {
    effects.add(effect);
  }

  List<TurnEffect> all() {
    return effects;
  }
}
