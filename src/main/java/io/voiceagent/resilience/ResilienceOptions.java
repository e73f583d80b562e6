package io.voiceagent.resilience;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * How the process treats providers that fail.
 *
 * @param breakerFailures failures in a row, with no success between, that open a breaker
 * @param breakerDelay how long an open breaker refuses before it lets a probe through
 * @param breakerProbes probes at once while half open, and successes that close it again
 * @param attempts at one provider for one request, the first included
 * @param backoff before the first repetition at the same provider; doubles from there
 * @param maxBackoff the longest of these waits
 * @param retriesPerCall second and further attempts that one call may cause in all
 * @param retryRatio second attempts that the process may make per first attempt, over time
 * @param retryReserve second attempts that are always there to begin with
 */
public record ResilienceOptions(
    int breakerFailures,
    Duration breakerDelay,
    int breakerProbes,
    int attempts,
    Duration backoff,
    Duration maxBackoff,
    int retriesPerCall,
    double retryRatio,
    int retryReserve) {

  public static final ResilienceOptions DEFAULTS = from(Settings.of(java.util.Map.of()));

  public static ResilienceOptions from(Settings settings) {
    return new ResilienceOptions(
        settings.integer("resilience.breaker.failures", 5, 1, 1000),
        settings.duration("resilience.breaker.delay", Duration.ofSeconds(5)),
        settings.integer("resilience.breaker.probes", 1, 1, 100),
        settings.integer("resilience.retry.attempts", 3, 1, 10),
        settings.duration("resilience.retry.backoff", Duration.ofMillis(100)),
        settings.duration("resilience.retry.maxBackoff", Duration.ofSeconds(2)),
        settings.integer("resilience.retry.perCall", 20, 0, 1000),
        settings.decimal("resilience.retry.ratio", 0.2, 0, 10),
        settings.integer("resilience.retry.reserve", 50, 0, 100_000));
  }
}
