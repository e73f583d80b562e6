package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes whose voice is dead: a call ends with words that only the carrier can speak. */
class ClusterFarewellIT {
  @Test
  void theCarrierSaysTheFarewellWhicheverNodeItAsks() throws Exception {
    try (ClusterRig rig = new ClusterRig(
        "tts.cartesia.url=ws://127.0.0.1:1",
        "resilience.retry.attempts=1",
        "turn.maxFailures=1",
        "agent.farewell=Call again & goodbye.")) {
      List<ClusterRig.Node> nodes =
          List.of(rig.start("one", "media,stt,llm,tts"), rig.start("two", "media,stt,llm,tts"));
      for (ClusterRig.Node node : nodes) {
        node.ready();
      }
      rig.await(
          "each sees the other", () -> nodes.get(0).sees(2) && nodes.get(1).sees(2));

      SimulatedCaller caller = rig.place(Scenario.of("echo one"));
      ClusterRig.result(caller);

      for (ClusterRig.Node node : nodes) {
        try (Stranger carrier = node.asked()) {
          assertThat(carrier
                  .post(
                      "/twilio/after-stream",
                      true,
                      "CallSid",
                      caller.callSid(),
                      "CallStatus",
                      "in-progress")
                  .body())
              .as(node.name + rig.logs())
              .contains("<Say>Call again &amp; goodbye.</Say>", "<Hangup");
        }
      }
    }
  }
}
