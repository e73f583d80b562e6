package io.voiceagent.resilience;

/** Hears of a breaker that changed. Called on the thread that caused it. */
@FunctionalInterface
public interface BreakerListener {
  /** @param state 0 closed, 1 half open, 2 open: the values of {@code provider_breaker_state} */
  void breakerChanged(String provider, int state);
}
