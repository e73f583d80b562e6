package io.voiceagent.stt.cartesia;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * One account at Cartesia.
 *
 * @param prefix where its keys stand
 * @param url of the API, without path
 * @param endpoint who decides that a turn has ended
 * @param pingEvery a socket that answers no ping until the next one is lost
 * @param turnEndTimeoutMs with {@code turns}: silence after which the provider ends a turn; 0: its default
 */
public record CartesiaSttOptions(
    String prefix,
    String url,
    String apiKey,
    String model,
    String language,
    String version,
    Endpoint endpoint,
    int turnEndTimeoutMs,
    Duration connectTimeout,
    Duration pingEvery) {
  /** Which of the provider's endpoints is used. */
  public enum Endpoint {
    MANUAL,
    TURNS
  }

  public static CartesiaSttOptions from(Settings settings, String prefix) {
    Endpoint endpoint = settings.oneOf(prefix + ".endpoint", Endpoint.MANUAL);
    return new CartesiaSttOptions(
        prefix,
        settings.string(prefix + ".url", "wss://api.cartesia.ai"),
        settings.secret(prefix + ".apiKey"),
        settings.string(prefix + ".model", endpoint == Endpoint.TURNS ? "ink-2" : "ink-whisper"),
        settings.string(prefix + ".language", settings.string("agent.language", "en")),
        settings.string(prefix + ".version", "2026-03-01"),
        endpoint,
        settings.integer(prefix + ".turnEndTimeoutMs", 0, 0, 11_200),
        settings.duration(prefix + ".connectTimeout", Duration.ofSeconds(3)),
        settings.duration(prefix + ".pingEvery", Duration.ofSeconds(2)));
  }

  /** Faults what a call could not do without. */
  public void require(Settings settings) {
    settings.require(prefix + ".apiKey", apiKey, "set CARTESIA_API_KEY");
  }

  boolean turns() {
    return endpoint == Endpoint.TURNS;
  }
}
