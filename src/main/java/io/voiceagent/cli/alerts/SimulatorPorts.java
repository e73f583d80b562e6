package io.voiceagent.cli.alerts;

import java.io.IOException;
import java.util.List;

/** Fixed ports for the embedded simulators, so that their control surface can be reached. */
record SimulatorPorts(int cartesia, int openAi, int twilio) {
  /** Twice as many as usually call. */
  static final int MAX_CALLS = 12;

  static SimulatorPorts free() throws IOException {
    return new SimulatorPorts(
        MonitoringStack.freePort(), MonitoringStack.freePort(), MonitoringStack.freePort());
  }

  /** Providers with delays like real ones, and limits that fit into compressed time. */
  List<String> settings() {
    return List.of(
        "simulator.enabled=true",
        "simulator.cartesia.port=" + cartesia,
        "simulator.openai.port=" + openAi,
        "simulator.twilio.port=" + twilio,
        "simulator.stt.final=60ms",
        "simulator.llm.firstToken=150ms",
        "simulator.llm.perWord=10ms",
        "simulator.tts.firstAudio=90ms",
        // Every word is a final of its own: many that may come twice.
        "simulator.stt.finalEvery=1",
        "telephony.twilio.validateSignatures=false",
        // Nothing is said unless a caller asks: silence must be able to last.
        "agent.greeting=",
        "turn.silence.after=0",
        "media.inboundTimeout=10m",
        "limits.maxCalls=" + MAX_CALLS,
        "llm.openai.firstTokenTimeout=3500ms",
        "resilience.breaker.delay=500ms");
  }

  /** All simulators share their faults; any port controls them. */
  String faults() {
    return "http://127.0.0.1:" + openAi + "/_sim/faults";
  }
}
