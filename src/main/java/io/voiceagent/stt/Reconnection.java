package io.voiceagent.stt;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where and when a call's next socket is tried, and when that is of no use any more: the one owner of these attempts. A
 * transcription goes on as long as the call, so it is not their number that is limited but the time without a socket.
 */
final class Reconnection {
  private static final int FIRST_WAIT_MS = 50;
  private static final int MAX_WAIT_MS = 1000;

  private final SttNode node;
  private final RetryBudget.OfCall budget;
  private final Set<String> failedAt = new HashSet<>();
  private String lastProvider = "";
  private int waitMs = FIRST_WAIT_MS;
  /** When the first of the failures without progress between them was; 0 when all is well. */
  private long outageSince;

  Reconnection(SttNode node, RetryBudget.OfCall budget) {
    this.node = node;
    this.budget = budget;
  }

  /** Who is to be tried now: the preferred one unless it failed in this outage. */
  Optional<Fallback.Choice<SttProvider>> pick() {
    var choice = node.providers.pick(entry -> !failedAt.contains(entry.name()));
    if (choice.isEmpty() && !failedAt.isEmpty()) {
      failedAt.clear();
      choice = node.providers.pick(entry -> true);
    }
    choice.ifPresent(picked -> {
      String name = picked.entry().name();
      if (!lastProvider.isEmpty() && !lastProvider.equals(name)) {
        node.meters.providers.fellBack(lastProvider, name);
      }
      lastProvider = name;
    });
    return choice;
  }

  void opened() {
    failedAt.clear();
  }

  /** @param worked the socket was of use, so that this is a new outage */
  void lost(String provider, Failure failure, boolean worked, long now) {
    if (worked || outageSince == 0) {
      outageSince = now;
      waitMs = FIRST_WAIT_MS;
    }
    if (!failure.retryable() || node.providers.entries().size() > 1) {
      failedAt.add(provider);
    }
  }

  /** Milliseconds until the next attempt; empty when none would help in time. */
  OptionalLong waitAfter(Failure failure, long now) {
    if (outageSince == 0) {
      outageSince = now;
    }
    boolean others = others();
    boolean hopeless = !failure.retryable() && failure.kind() != Kind.BREAKER_OPEN && !others;
    long left = node.options.maxOutage().toMillis() - (now - outageSince) / 1_000_000;
    if (hopeless || left <= 0 || !others && failure.retryAfterMs() > left) {
      return OptionalLong.empty();
    }
    long wait = others ? 1 : Math.max(failure.retryAfterMs(), jittered(waitMs));
    waitMs = Math.min(MAX_WAIT_MS, waitMs * 2);
    if (!lastProvider.isEmpty() && failure.kind() != Kind.BREAKER_OPEN && !others) {
      if (!budget.tryTake()) {
        wait = Math.max(wait, MAX_WAIT_MS);
      }
      node.meters.providers.retried(lastProvider);
    }
    return OptionalLong.of(wait);
  }

  private boolean others() {
    return node.providers.entries().stream()
        .anyMatch(entry -> !entry.name().equals(lastProvider)
            && !failedAt.contains(entry.name())
            && entry.breaker().remainingMs() == 0);
  }

  private static long jittered(int ms) {
    return ms / 2 + 1 + ThreadLocalRandom.current().nextInt(ms / 2 + 1);
  }
}
