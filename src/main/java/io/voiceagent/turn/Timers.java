package io.voiceagent.turn;

import io.voiceagent.call.TurnId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The waits that run, and when each is due. Starting one that runs replaces it. */
final class Timers {
  /** A shell's timers count milliseconds and may round. */
  private static final long EARLY_NANOS = 2_000_000;

  private final Effects effects;
  private final Supplier<TurnId> turn;
  private final Map<Timer, Long> due = new EnumMap<>(Timer.class);

  Timers(Effects effects, Supplier<TurnId> turn) {
    this.effects = effects;
    this.turn = turn;
  }

  void start(Timer timer, Duration wait) {
    start(timer, wait.toNanos());
  }

  void start(Timer timer, long nanos) {
    long at = effects.now() + nanos;
    due.put(timer, at);
    effects.add(new TurnEffect.StartTimer(timer, turn.get(), at));
  }

  void stop(Timer... timers) {
    for (Timer timer : timers) {
      if (due.remove(timer) != null) {
        effects.add(new TurnEffect.StopTimer(timer));
      }
    }
  }

  /** All but the one that ends the call. */
  void stopAll() {
    for (Timer timer : Timer.values()) {
      if (timer != Timer.MAX_CALL) {
        stop(timer);
      }
    }
  }

  boolean runs(Timer timer) {
    return due.containsKey(timer);
  }

  /** False for one that was stopped or started anew and comes all the same: it was under way. */
  boolean fires(Timer timer) {
    Long at = due.get(timer);
    if (at == null || effects.now() < at - EARLY_NANOS) {
      return false;
    }
    due.remove(timer);
    return true;
  }
}
