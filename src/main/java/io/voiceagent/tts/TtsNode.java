package io.voiceagent.tts;

import io.voiceagent.call.Clock;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import java.util.List;

/** What the text-to-speech verticles of one node share. */
public final class TtsNode {
  final TtsOptions options;
  final ResilienceOptions resilience;
  final Fallback<TtsProvider> providers;
  final RetryBudget budget;
  final AudioCache cache;
  final VoiceMeters meters;
  final Clock clock;
  final List<String> fixedTexts;

  /**
   * @param providers the preferred one first
   * @param fixedTexts greeting, apology and the like: spoken once at start, so that they need no provider later
   */
  public TtsNode(
      TtsOptions options,
      ResilienceOptions resilience,
      RetryBudget budget,
      List<? extends TtsProvider> providers,
      List<String> fixedTexts,
      VoiceMeters meters,
      Clock clock) {
    this.options = options;
    this.resilience = resilience;
    this.budget = budget;
    this.meters = meters;
    this.clock = clock;
    this.cache = new AudioCache(options.cacheBytes());
    this.fixedTexts = fixedTexts.stream().filter(text -> !text.isBlank()).toList();
    this.providers =
        Fallback.of(providers, TtsProvider::name, resilience, meters.providers::breakerState);
    meters.providers.fallbackList(this.providers.names());
  }

  /** Kept audio belongs to a voice: another one's greeting would surprise the caller. */
  String cacheKey(String text) {
    return providers.entries().get(0).provider().voice() + "\n" + text;
  }
}
