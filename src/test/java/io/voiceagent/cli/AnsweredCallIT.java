package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import io.voiceagent.sim.SimulatedCaller;
import io.voiceagent.sim.Stats;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls through the whole service, every word decoded at the caller's ear. */
class AnsweredCallIT {
  private static LiveService live;

  @BeforeAll
  static void start() throws Exception {
    live = LiveService.start(
        "agent.greeting=Hello there.",
        "limits.maxCalls=40",
        "tts.cartesia.firstAudioTimeout=1s",
        "tts.cartesia.nextAudioTimeout=500ms",
        "llm.openai.firstTokenTimeout=1s",
        "llm.openai.idleTimeout=500ms",
        "resilience.breaker.failures=1000",
        "resilience.breaker.delay=100ms");
  }

  @AfterEach
  void noFaultsLeft() {
    live.simulators().faults().clear();
  }

  @AfterAll
  static void stop() throws Exception {
    live.close();
  }

  @Test
  void everyWordOfEveryAnswerIsHeardOnceAndInOrder() throws Exception {
    CallResult result =
        live.call(Scenario.of("one two three", "echo something else", "echo thank you"));

    assertThat(result.problem()).isEmpty();
    assertThat(result.greeting()).isEqualTo("hello there");
    assertThat(result.turns()).hasSize(3).allMatch(CallResult.Turn::answered);
    assertThat(result.turns().get(0).heard())
        .isEqualTo(String.join(" ", Modem.words(SimulatedBrain.answer("one two three"))));
    assertThat(result.defects()).isZero();
    assertThat(result.gaps()).isZero();
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  @Test
  void callsAtTheSameTimeNeverHearEachOther() throws Exception {
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      callers.add(live.place(Scenario.of("echo caller number " + i, "echo again number " + i)));
    }
    for (SimulatedCaller caller : callers) {
      CallResult result = LiveService.result(caller);
      assertThat(result.good()).as(result.toString()).isTrue();
      assertThat(result.defects()).as(result.toString()).isZero();
    }
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  @Test
  void anInterruptionSilencesTheAgentAndCancelsUpstream() throws Exception {
    Stats stats = live.simulators().stats();
    long interrupted = (long) live.metric("turns_total", "interrupted");

    CallResult result =
        live.call(Scenario.of("tell me a long story", "echo stop talking").withBargeIn(true));

    assertThat(result.good()).as(result.toString()).isTrue();
    assertThat(result.turns().get(0).interrupted()).isTrue();
    assertThat(result.turns().get(1).reactionMs()).isBetween(0.0, 1000.0);
    assertThat(result.turns().get(1).heard())
        .isEqualTo(String.join(" ", Modem.words(SimulatedBrain.answer("echo stop talking"))));
    assertThat(live.metric("turns_total", "interrupted")).isEqualTo(interrupted + 1);
    assertThat(stats.get("ttsContextsOpen")).isZero();
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  @Test
  void aLineThatBreaksLeavesNothing() throws Exception {
    SimulatedCaller caller = live.place(Scenario.of("tell me a story").withAbruptEnd(true));
    assertThat(LiveService.within2s(() -> live.simulators().stats().get("sttSocketsOpen") == 1))
        .as("the stream is open")
        .isTrue();
    caller.hangUp();

    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
    assertThat(live.metric("calls_started_total"))
        .isEqualTo(live.metric("calls_ended_total") + live.metric("calls_active"));
  }

  @Test
  void aCallerWhoLeavesBeforeTheStreamKeepsNoPlace() throws Exception {
    SimulatedCaller caller = live.place(Scenario.of("tell me a story"));
    caller.hangUp();

    assertThat(caller.result().await(10, TimeUnit.SECONDS).turns()).isEmpty();
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  @Test
  void aModelThatFailsOnceIsAskedAgain() throws Exception {
    live.simulators().faults().add(Fault.of("llm", "status").status(500).times(1));

    CallResult result = live.call(Scenario.of("echo one two three"));

    assertThat(result.good()).as(result.toString()).isTrue();
    assertThat(result.defects()).as(result.toString()).isZero();
  }

  @Test
  void aModelThatIsSilentIsNoticedAndTheCallerHearsAnApology() throws Exception {
    live.simulators().faults().add(Fault.of("llm", "hang"));

    CallResult result = live.call(Scenario.of("echo one"));

    assertThat(result.turns().get(0).heard()).startsWith("sorry something went wrong");
  }

  @Test
  void theCallCommandShowsOfEachTurnWhereItsWaitWent() throws Exception {
    live.simulators().faults().add(Fault.of("llm", "slowFirst").ms(600).times(1));
    StringWriter out = new StringWriter();
    int code = Main.execute(
        new PrintWriter(out, true),
        new PrintWriter(out, true),
        "call",
        "--json",
        "--simulated",
        "--url",
        live.mediaUrl(),
        "--ops",
        live.opsUrl(),
        "--auth-token",
        LiveService.TOKEN,
        "--say",
        "echo one",
        "--say",
        "echo two");

    assertThat(code).as(out.toString()).isZero();
    JsonArray turns = new JsonObject(out.toString()).getJsonArray("turns");
    assertThat(turns).hasSize(2);
    // The first one waited for the model, the second did not.
    assertThat(stage(turns, 0, "llm_first_token")).isGreaterThan(500);
    assertThat(stage(turns, 1, "llm_first_token")).isLessThan(stage(turns, 0, "llm_first_token"));
    assertThat(stage(turns, 1, "endpointing")).isPositive();
  }

  private static double stage(JsonArray turns, int index, String stage) {
    return turns.getJsonObject(index).getJsonObject("stagesMs").getDouble(stage, -1.0);
  }

  @Test
  void aVoiceThatBreaksOffIsTakenUpAgainWithoutRepeating() throws Exception {
    live.simulators().faults().add(Fault.of("tts", "closeMid").after(3).times(1));

    CallResult result = live.call(Scenario.of("echo one two three four five six seven"));

    assertThat(result.turns().get(0).doubled()).as(result.toString()).isZero();
    assertThat(result.turns().get(0).heard()).endsWith("five six seven");
  }

  @Test
  void aTranscriberThatBreaksOffLosesNoWord() throws Exception {
    live.simulators().faults().add(Fault.of("stt", "close").after(2).times(1));

    CallResult result = live.call(Scenario.of("echo one two three four five six"));

    assertThat(result.good()).as(result.toString()).isTrue();
    assertThat(result.turns().get(0).heard()).startsWith("one two three four five six");
  }
}
