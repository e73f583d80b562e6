package io.voiceagent.llm.openai;

import io.vertx.core.Vertx;
import io.voiceagent.call.Clock;
import io.voiceagent.llm.LlmConnection;
import io.voiceagent.llm.LlmProvider;

/** A server that speaks OpenAI's HTTP API: OpenAI itself, or any compatible one by its URL. */
public record OpenAiLlm(OpenAiOptions options, Clock clock) implements LlmProvider {
  @Override
  public String name() {
    return options.name();
  }

  @Override
  public LlmConnection connect(Vertx vertx) {
    return new OpenAiConnection(vertx, options, clock);
  }
}
