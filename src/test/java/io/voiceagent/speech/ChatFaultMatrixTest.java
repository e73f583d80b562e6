package io.voiceagent.speech;

class ChatFaultMatrixTest extends LlmFaultContract {
  @Override
  String api() {
    return "chat";
  }

  @Override
  int amidWords() {
    return 1000;
  }
}
