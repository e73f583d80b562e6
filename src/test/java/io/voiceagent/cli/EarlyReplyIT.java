package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import org.junit.jupiter.api.Test;

/** Replies that are begun before the caller's turn is certain, through the whole service. */
class EarlyReplyIT {
  @Test
  void r32_repliesAreBegunEarlyAndNoWordOfThemIsHeardTwiceOrInVain() throws Exception {
    try (LiveService live = LiveService.start(
        "agent.greeting=Hello there.",
        "turn.preemptive.enabled=true",
        "simulator.stt.final=200ms")) {
      CallResult result =
          live.call(Scenario.of("echo red and green", "echo blue or black", "echo white again"));

      assertThat(result.good()).as(result.toString()).isTrue();
      assertThat(result.turns())
          .extracting(CallResult.Turn::heard)
          .containsExactly("red and green", "blue or black", "white again");
      double used = live.metric("preemptive_replies_total", "used");
      double discarded = live.metric("preemptive_replies_total", "discarded");
      assertThat(used + discarded).as("replies begun early").isPositive();
      // One reply per turn, and one more for each that was thrown away.
      assertThat(live.simulators().stats().get("llmRequests")).isEqualTo((long) (3 + discarded));
      assertThat(live.metric("turns_total", "answered")).isEqualTo(3);
      assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
    }
  }

  @Test
  void r33_callersWhoGoOnUseUpTheBudgetAndThenNothingIsBegunEarly() throws Exception {
    Vertx outside = Vertx.vertx();
    int provider = FaultBed.freePort();
    ModelTap model = LiveService.await(ModelTap.start(outside, provider));
    try (LiveService live = LiveService.start(
        "agent.greeting=",
        "simulator.openai.port=" + provider,
        "llm.openai.url=" + model.url(),
        "turn.preemptive.enabled=true",
        "turn.preemptive.maxDiscards=2",
        "simulator.stt.final=400ms")) {
      SimulatedCaller caller = live.place(Scenario.of("echo one"));
      model.watch(dialogue -> {
        // Each time the model is asked the caller is not through.
        switch (ModelTap.last(dialogue, "user")) {
          case "echo one" -> caller.interject("two");
          case "echo one two" -> caller.interject("three");
          case "echo one two three" -> {}
          default -> throw new AssertionError(dialogue);
        }
      });
      CallResult result = LiveService.result(caller);

      assertThat(result.turns().get(0).heard()).isEqualTo("one two three");
      assertThat(live.metric("preemptive_replies_total", "discarded")).isEqualTo(2);
      assertThat(live.metric("preemptive_replies_total", "used"))
          .as("not begun again")
          .isZero();
      assertThat(model.asked()).hasSize(3);
      assertThat(live.metric("turns_total", "answered")).isEqualTo(1);
    } finally {
      LiveService.await(outside.close());
    }
  }
}
