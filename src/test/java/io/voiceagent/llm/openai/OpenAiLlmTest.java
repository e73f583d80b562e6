package io.voiceagent.llm.openai;

import io.voiceagent.call.Clock;
import io.voiceagent.config.Settings;
import io.voiceagent.llm.LlmContract;
import io.voiceagent.llm.LlmProvider;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;

/** Both APIs, against the simulated OpenAI. */
class OpenAiLlmTest {
  @Nested
  class Chat extends LlmContract {
    @Override
    protected LlmProvider provider() throws Exception {
      return new OpenAiLlm(options(vertx, "chat"), Clock.SYSTEM);
    }
  }

  @Nested
  class Responses extends LlmContract {
    @Override
    protected LlmProvider provider() throws Exception {
      return new OpenAiLlm(options(vertx, "responses"), Clock.SYSTEM);
    }
  }

  private static OpenAiOptions options(io.vertx.core.Vertx vertx, String api) throws Exception {
    Simulators simulators = Simulators.start(vertx, SimulatorOptions.from(Settings.of(Map.of())))
        .await(10, TimeUnit.SECONDS);
    return OpenAiOptions.from(
        Settings.of(Map.of(
            "llm.openai.url",
            simulators.settings().get("llm.openai.url"),
            "llm.openai.apiKey",
            "simulated",
            "llm.openai.api",
            api,
            // However busy the machine is.
            "llm.openai.firstTokenTimeout",
            "30s",
            "llm.openai.idleTimeout",
            "30s")),
        "openai",
        "llm.openai");
  }
}
