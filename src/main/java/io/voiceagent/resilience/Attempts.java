package io.voiceagent.resilience;

import io.voiceagent.call.Failure;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The attempts of one request at one provider: whether to try again, and after which wait. The one owner of the request
 * keeps it; nothing below may repeat anything by itself. Not thread-safe.
 */
public final class Attempts {
  private final ResilienceOptions options;
  private final RetryBudget budget;
  private final RetryBudget.OfCall call;
  private int made;

  public Attempts(ResilienceOptions options, RetryBudget budget, RetryBudget.OfCall call) {
    this.options = options;
    this.budget = budget;
    this.call = call;
  }

  /** An attempt begins. */
  public void begin() {
    if (made++ == 0) {
      budget.firstAttempt();
    }
  }

  public int made() {
    return made;
  }

  /**
   * Milliseconds to wait before the next attempt; empty when there is none: the failure is final, the attempts or the
   * budget are spent, or the peer asks for a longer wait than a caller would bear.
   */
  public OptionalLong waitBeforeNext(Failure failure) {
    if (!failure.retryable()
        || made >= options.attempts()
        || failure.retryAfterMs() > options.maxBackoff().toMillis()
        || !call.tryTake()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(failure.retryAfterMs(), backoffMs(made)));
  }

  /** Half of the doubled wait is certain, half is chance, so that calls do not come back in step. */
  private long backoffMs(int attempt) {
    long doubled = options.backoff().toMillis() << Math.min(attempt - 1, 20);
    long wait = Math.min(doubled, options.maxBackoff().toMillis());
    return wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1);
  }
}
