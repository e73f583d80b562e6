package io.voiceagent.llm.example;

import io.voiceagent.llm.LlmContract;
import io.voiceagent.llm.LlmProvider;

class ParrotLlmTest extends LlmContract {
  @Override
  protected LlmProvider provider() {
    return new ParrotLlm();
  }
}
