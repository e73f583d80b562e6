package io.voiceagent.llm;

import io.vertx.core.Vertx;
import io.voiceagent.call.Failure;
import io.voiceagent.metrics.VoiceMeters;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The one owner of retries and fallback for language models: which provider is asked next, and when. */
final class ProviderChain {
  /** A caller waits: the whole of the retries must stay near a second. */
  private static final long MAX_DELAY_MS = 600;

  private static final long MIN_DELAY_MS = 50;

  /** @param tries how often this provider was asked for the reply, this time included */
  record Attempt(LlmProvider provider, int index, int tries) {}

  private final Vertx vertx;
  private final List<LlmProvider> providers;
  private final int retries;
  private final VoiceMeters meters;
  private final ProviderHealth health;

  ProviderChain(
      Vertx vertx,
      List<LlmProvider> providers,
      int retries,
      VoiceMeters meters,
      ProviderHealth health) {
    this.vertx = vertx;
    this.providers = List.copyOf(providers);
    this.retries = retries;
    this.meters = meters;
    this.health = health;
  }

  @Nullable
  Attempt first() {
    return from(0);
  }

  /** Whom to ask after a failure before the first word; null when nobody is left. */
  @Nullable
  Attempt after(Attempt failed, Failure failure) {
    if (failure.retryable()
        && failed.tries() <= retries
        && failure.retryAfterMs() <= MAX_DELAY_MS
        && health.mayRetry(failed.provider().name())) {
      meters.retried(failed.provider().name());
      return new Attempt(failed.provider(), failed.index(), failed.tries() + 1);
    }
    Attempt next = from(failed.index() + 1);
    if (next != null) {
      meters.fellBack(failed.provider().name(), next.provider().name());
    }
    return next;
  }

  void later(Attempt next, Failure failure, Runnable action) {
    if (next.tries() == 1) {
      action.run();
      return;
    }
    long base = Math.max(MIN_DELAY_MS, failure.retryAfterMs());
    long delay = Math.min(MAX_DELAY_MS, base + ThreadLocalRandom.current().nextLong(base));
    vertx.setTimer(delay, id -> action.run());
  }

  void succeeded(Attempt attempt, long waitedNanos) {
    health.succeeded(attempt.provider().name());
    if (waitedNanos > 0) {
      meters.providerFirstByte(attempt.provider().name(), waitedNanos);
    }
  }

  void failed(Attempt attempt, Failure failure) {
    health.failed(attempt.provider().name(), failure);
  }

  private @Nullable Attempt from(int index) {
    for (int i = index; i < providers.size(); i++) {
      if (health.permits(providers.get(i).name())) {
        return new Attempt(providers.get(i), i, 1);
      }
    }
    return null;
  }
}
