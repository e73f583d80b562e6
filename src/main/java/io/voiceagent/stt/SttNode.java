package io.voiceagent.stt;

import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import java.util.List;

/** What the speech-to-text verticles of one node share. */
public final class SttNode {
  final SttOptions options;
  final ResilienceOptions resilience;
  final Fallback<SttProvider> providers;
  final RetryBudget budget;
  final VoiceMeters meters;
  final Clock clock;

  /** @param providers the preferred one first */
  public SttNode(
      SttOptions options,
      ResilienceOptions resilience,
      RetryBudget budget,
      List<? extends SttProvider> providers,
      VoiceMeters meters,
      Clock clock) {
    this.options = options;
    this.resilience = resilience;
    this.budget = budget;
    this.meters = meters;
    this.clock = clock;
    this.providers =
        Fallback.of(providers, SttProvider::name, resilience, meters.providers::breakerState);
    meters.providers.fallbackList(this.providers.names());
  }
}
