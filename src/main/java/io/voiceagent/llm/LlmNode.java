package io.voiceagent.llm;

import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.Breaker;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the language-model verticles of one node share. */
public final class LlmNode {
  final ResilienceOptions resilience;
  final Fallback<LlmProvider> providers;
  final RetryBudget budget;
  final Duration hedgeAfter;
  final VoiceMeters meters;
  final Clock clock;

  /**
   * @param providers the preferred one first
   * @param hedgeAfter without a first text for this long a second model is asked too; 0: never
   */
  public LlmNode(
      ResilienceOptions resilience,
      RetryBudget budget,
      List<? extends LlmProvider> providers,
      Duration hedgeAfter,
      VoiceMeters meters,
      Clock clock) {
    this.resilience = resilience;
    this.budget = budget;
    this.hedgeAfter = hedgeAfter;
    this.meters = meters;
    this.clock = clock;
    List<Fallback.Entry<LlmProvider>> entries = new ArrayList<>();
    for (LlmProvider provider : providers) {
      meters.provider(provider.name());
      entries.add(new Fallback.Entry<>(
          provider.name(),
          provider,
          new Breaker(provider.name(), resilience, meters::breakerState)));
      if (entries.size() > 1) {
        meters.fallbackPair(entries.get(entries.size() - 2).name(), provider.name());
      }
    }
    this.providers = new Fallback<>(entries);
  }
}
