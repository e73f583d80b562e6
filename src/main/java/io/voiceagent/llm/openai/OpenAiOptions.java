package io.voiceagent.llm.openai;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * One OpenAI-compatible server.
 *
 * @param name label of its metrics
 * @param api Chat Completions, which every compatible server knows, or Responses
 * @param reasoningEffort sent as it is; empty: not sent; {@code auto}: {@code none} for models that would reason aloud of
 *     time by themselves, otherwise not sent
 * @param systemRole role of the standing instructions; compatible servers usually know {@code system} only
 * @param maxTokensField name of the limit in Chat Completions; {@code auto}: by the server
 */
public record OpenAiOptions(
    String name,
    String url,
    String apiKey,
    String model,
    Api api,
    int maxOutputTokens,
    String reasoningEffort,
    String systemRole,
    String maxTokensField,
    Duration connectTimeout,
    Duration firstTokenTimeout,
    Duration idleTimeout,
    Duration totalTimeout,
    int maxConnections) {

  /** The two ways to ask. */
  public enum Api {
    CHAT,
    RESPONSES
  }

  public static OpenAiOptions from(Settings settings, String name, String prefix) {
    OpenAiOptions options = new OpenAiOptions(
        name,
        settings.string(prefix + ".url", "https://api.openai.com/v1").replaceAll("/+$", ""),
        settings.secret(prefix + ".apiKey"),
        settings.string(prefix + ".model", "gpt-6-luna"),
        settings.oneOf(prefix + ".api", Api.CHAT),
        settings.integer(prefix + ".maxOutputTokens", 150, 1, 100_000),
        settings.string(prefix + ".reasoningEffort", "auto"),
        settings.string(prefix + ".systemRole", "system"),
        settings.string(prefix + ".maxTokensField", "auto"),
        settings.duration(prefix + ".connectTimeout", Duration.ofSeconds(3)),
        settings.duration(prefix + ".firstTokenTimeout", Duration.ofSeconds(5)),
        settings.duration(prefix + ".idleTimeout", Duration.ofSeconds(5)),
        settings.duration(prefix + ".totalTimeout", Duration.ofSeconds(30)),
        settings.integer(prefix + ".maxConnections", 2000, 1, 100_000));
    if (!options.url().matches("https?://[^/?#]+(/[^?#]*)?")) {
      settings.fault(prefix + ".url", "must be like https://api.openai.com/v1");
    }
    if (options.official()) {
      settings.require(prefix + ".apiKey", options.apiKey(), "set OPENAI_API_KEY");
    }
    return options;
  }

  /** OpenAI's own server, which knows its newest fields and wants a key. */
  boolean official() {
    return url.startsWith("https://api.openai.com");
  }

  boolean maxCompletionTokens() {
    return maxTokensField.equals("auto")
        ? official()
        : maxTokensField.equals("max_completion_tokens");
  }

  /** Empty: do not send. */
  String effort() {
    if (!reasoningEffort.equals("auto")) {
      return reasoningEffort;
    }
    return official() && (model.startsWith("gpt-6") || model.matches("gpt-5\\.[4-9].*"))
        ? "none"
        : "";
  }
}
