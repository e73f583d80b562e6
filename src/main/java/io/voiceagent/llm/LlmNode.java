package io.voiceagent.llm;

import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.Breaker;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayList;
import java.util.List;

/** What the language-model verticles of one node share. */
public final class LlmNode {
  final ResilienceOptions resilience;
  final Fallback<LlmProvider> providers;
  final RetryBudget budget;
  final VoiceMeters meters;
  final Clock clock;

  /** @param providers the preferred one first */
  public LlmNode(
      ResilienceOptions resilience,
      RetryBudget budget,
      List<? extends LlmProvider> providers,
      VoiceMeters meters,
      Clock clock) {
    this.resilience = resilience;
    this.budget = budget;
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
