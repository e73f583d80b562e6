package io.voiceagent.llm;

import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import java.time.Duration;
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
    this.providers =
        Fallback.of(providers, LlmProvider::name, resilience, meters.providers::breakerState);
    meters.providers.fallbackList(this.providers.names());
  }
}
