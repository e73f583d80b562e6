package io.voiceagent.llm;

import io.voiceagent.config.Settings;
import io.voiceagent.llm.openai.OpenAiOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Which language models are asked.
 *
 * @param servers in the order in which they are tried
 */
public record LlmOptions(String provider, List<OpenAiOptions> servers) {

  public static LlmOptions from(Settings settings) {
    List<OpenAiOptions> servers = new ArrayList<>();
    servers.add(OpenAiOptions.from(settings, "openai", "llm.openai"));
    for (String name : settings.namesBelow("llm.fallback")) {
      servers.add(OpenAiOptions.from(settings, name, "llm.fallback." + name));
    }
    return new LlmOptions(settings.string("llm.provider", "openai"), servers);
  }
}
