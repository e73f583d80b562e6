package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every endpoint of every provider, from the caller's mouth to the caller's ear. */
@Timeout(120)
class WholeServiceIT {
  @ParameterizedTest(name = "stt endpoint {0}, llm api {1}")
  @CsvSource({"manual,chat", "manual,responses", "turns,chat", "turns,responses"})
  void everyWordIsHeardAndTheAgentEndsTheCall(String endpoint, String api) throws Exception {
    try (LiveService live = LiveService.start(
        "agent.greeting=Hello there.",
        // It is the words that count here, on however busy a machine.
        "media.playout.lead=2s",
        "stt.cartesia.endpoint=" + endpoint,
        "llm.openai.api=" + api)) {

      CallResult result = live.call(
          Scenario.of("one two three", "echo that is all", "goodbye", "nobody hears this"));

      assertThat(result.greeting()).isEqualTo("hello there");
      assertThat(result.turns()).hasSize(3).allMatch(CallResult.Turn::answered);
      assertThat(result.turns().get(0).heard()).isEqualTo(answer("one two three"));
      assertThat(result.turns().get(1).heard()).isEqualTo("that is all");
      assertThat(result.turns().get(2).heard()).isEqualTo(answer("goodbye"));
      assertThat(result.defects()).isZero();
      assertThat(result.problem()).as("end_call was called").isEqualTo("the agent hung up");
      assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
      assertThat(live.metric("calls_ended_total", "agent_hung_up")).isEqualTo(1);
      assertThat(live.simulators().stats().get("twilioHangUps"))
          .as("ended at the carrier, once")
          .isEqualTo(1);
    }
  }

  @Test
  void aCallThatIsPlacedGreetsTheCustomerWhoIsDialled() throws Exception {
    try (LiveService live =
        LiveService.start("agent.greeting=Hello there.", "telephony.twilio.from=+15005550006")) {
      JsonObject dialled =
          OpsClient.post(live.opsUrl() + "/api/calls", new JsonObject().put("to", "+15550100123"));
      String sid = dialled.getString("callSid");
      assertThat(sid).as(dialled.encode()).startsWith("CA");

      JsonObject call = new JsonObject();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!call.containsKey("callSid") && System.nanoTime() < until) {
        call = OpsClient.get(live.opsUrl() + "/api/calls/" + sid);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(call.getString("direction")).as(call.encode()).isEqualTo("outbound");
      assertThat(call.getString("customer")).endsWith("23").doesNotContain("5550");

      while (live.metric("calls_ended_total") < 1 && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertThat(live.metric("turns_total", "answered")).isEqualTo(2);
      assertThat(live.metric("calls_ended_total", "agent_hung_up")).isEqualTo(1);
    }
  }

  private static String answer(String said) {
    return String.join(" ", Modem.words(SimulatedBrain.answer(said)));
  }
}
