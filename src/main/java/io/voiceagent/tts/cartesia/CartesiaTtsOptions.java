package io.voiceagent.tts.cartesia;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * One account at Cartesia.
 *
 * @param prefix where its keys stand
 * @param url of the API, without path
 * @param voice id of the voice
 * @param firstAudioTimeout text sent to first audio
 * @param nextAudioTimeout audio to the next audio while text is outstanding; silence in all that a slow voice may leave
 * @param maxConcurrentContexts what the account allows; 0: no limit
 * @param contextsPerSocket utterances that share a socket before another is opened
 * @param maxSockets per event loop
 * @param contextIdle after this without audio an utterance goes on in a new context: the old one has expired
 * @param cancelGrace how long a context that was left may count at the provider, which confirms no cancellation
 */
public record CartesiaTtsOptions(
    String prefix,
    String url,
    String apiKey,
    String model,
    String voice,
    String language,
    String version,
    Duration connectTimeout,
    Duration firstAudioTimeout,
    Duration nextAudioTimeout,
    int maxConcurrentContexts,
    int contextsPerSocket,
    int maxSockets,
    Duration contextIdle,
    Duration cancelGrace) {
  /** Cartesia's own default for agents, for those who did not choose one. */
  private static final String DEFAULT_VOICE = "f786b574-daa5-4673-aa0c-cbe3e8534c02";

  public static CartesiaTtsOptions from(Settings settings, String prefix) {
    String voice = settings.string(prefix + ".voice", "");
    return new CartesiaTtsOptions(
        prefix,
        settings.string(prefix + ".url", "wss://api.cartesia.ai"),
        settings.secret(prefix + ".apiKey"),
        settings.string(prefix + ".model", "sonic-3"),
        voice.isEmpty() ? DEFAULT_VOICE : voice,
        settings.string(prefix + ".language", settings.string("agent.language", "en")),
        settings.string(prefix + ".version", "2026-03-01"),
        settings.duration(prefix + ".connectTimeout", Duration.ofSeconds(3)),
        settings.duration(prefix + ".firstAudioTimeout", Duration.ofSeconds(6)),
        settings.duration(prefix + ".nextAudioTimeout", Duration.ofSeconds(3)),
        settings.integer(prefix + ".maxConcurrentContexts", 0, 0, 100_000),
        settings.integer(prefix + ".contextsPerSocket", 16, 1, 1000),
        settings.integer(prefix + ".maxSockets", 32, 1, 1000),
        settings.duration(prefix + ".contextIdle", Duration.ofMillis(700)),
        settings.duration(prefix + ".cancelGrace", Duration.ofSeconds(3)));
  }

  /** Faults what a call could not do without. */
  public void require(Settings settings) {
    settings.require(prefix + ".apiKey", apiKey, "set CARTESIA_API_KEY");
  }
}
