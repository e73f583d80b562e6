package io.voiceagent.speech;

class ResponsesFaultMatrixTest extends LlmFaultContract {
  @Override
  String api() {
    return "responses";
  }

  @Override
  int amidWords() {
    return 1600;
  }
}
