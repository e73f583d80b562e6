package io.voiceagent.llm;

import io.voiceagent.config.Settings;
import io.voiceagent.llm.openai.OpenAiOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which language models are asked.
 *
 * @param servers in the order in which they are tried
 * @param hedgeAfter without a first text for this long a second one is asked too, and the first of the two to write is
 *     heard: it costs requests and spares waits. 0: never
 */
public record LlmOptions(String provider, List<OpenAiOptions> servers, Duration hedgeAfter) {

  public static LlmOptions from(Settings settings) {
    List<OpenAiOptions> servers = new ArrayList<>();
    servers.add(OpenAiOptions.from(settings, "openai", "llm.openai"));
    for (String name : settings.namesBelow("llm.fallback")) {
      servers.add(OpenAiOptions.from(settings, name, "llm.fallback." + name));
    }
    return new LlmOptions(
        settings.string("llm.provider", "openai"),
        servers,
        settings.duration("llm.hedge.after", Duration.ZERO));
  }
}
