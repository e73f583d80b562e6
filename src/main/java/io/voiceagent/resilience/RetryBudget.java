package io.voiceagent.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many second attempts the process may make: a reserve that first attempts refill a little each. When a provider
 * fails for everyone, repetitions stay a fraction of the load instead of multiplying it. Thread-safe.
 */
public final class RetryBudget {
  private static final long UNIT = 1000;

  private final ResilienceOptions options;
  private final AtomicLong tokens;
  private final long most;
  private final long refill;

  public RetryBudget(ResilienceOptions options) {
    this.options = options;
    this.most = options.retryReserve() * UNIT;
    this.refill = Math.round(options.retryRatio() * UNIT);
    this.tokens = new AtomicLong(most);
  }

  /** A first attempt is made: it earns a part of a repetition. */
  public void firstAttempt() {
    tokens.updateAndGet(now -> Math.min(most, now + refill));
  }

  /** The share of one call; keep it with the call. */
  public OfCall ofCall() {
    return new OfCall();
  }

  /** Second attempts left to the process. */
  public long left() {
    return tokens.get() / UNIT;
  }

  private boolean take() {
    long before = tokens.getAndUpdate(now -> now >= UNIT ? now - UNIT : now);
    return before >= UNIT;
  }

  /** One call's part: it may not spend more than its own limit, nor more than the process has. */
  public final class OfCall {
    private final AtomicInteger left = new AtomicInteger(options.retriesPerCall());

    /** Takes one repetition, if both the call and the process have one. */
    public boolean tryTake() {
      if (left.get() <= 0 || !take()) {
        return false;
      }
      left.decrementAndGet();
      return true;
    }
  }
}
