package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
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
}
