package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Scenario;
import org.junit.jupiter.api.Test;

class RefusedKeyIT {
  @Test
  void aRefusedKeyIsApologisedForAndTheCallEnds() throws Exception {
    try (LiveService live = LiveService.start("agent.greeting=Hello there.")) {
      live.simulators().faults().add(Fault.of("llm", "status").status(401).code("invalid_api_key"));

      CallResult result = live.call(Scenario.of("echo one", "are you there"));

      assertThat(result.turns().get(0).heard())
          .startsWith("i am sorry i cannot help you right now");
      assertThat(result.problem()).isEqualTo("the agent hung up");
      assertThat(live.metric("calls_ended_total", "failed")).isEqualTo(1);
    }
  }
}
