package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Callers who interrupt, again and again, at any point of an answer. By hand, more of them:
 * {@code mvn verify -Dit.test=InterruptionIT -Dinterruptions=10000 -Dinterrupting.calls=100 -Dturn.minSpeech=40ms}.
 */
class InterruptionIT {
  private static final int INTERRUPTIONS = Integer.getInteger("interruptions", 120);
  private static final int CALLS = Integer.getInteger("interrupting.calls", 12);
  private static final String MIN_SPEECH = System.getProperty("turn.minSpeech", "120ms");
  private static final long SEED = Long.getLong("seed", 8);

  private static LiveService live;

  @BeforeAll
  static void start() throws Exception {
    live = LiveService.start(
        "agent.greeting=Hello there.",
        "turn.bargeIn.minSpeech=" + MIN_SPEECH,
        "limits.maxCalls=200",
        "resilience.breaker.failures=1000");
  }

  @AfterAll
  static void stop() throws Exception {
    live.close();
  }

  @Test
  void r8_r9_noSoundOfAnOldReplyFollowsItsClear() throws Exception {
    Random random = new Random(SEED);
    int each = INTERRUPTIONS / CALLS;
    List<SimulatedCaller> callers = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      callers.add(live.place(interrupting(each, random.nextInt(9), 100 + random.nextInt(300))));
    }
    List<Double> reactions = new ArrayList<>();
    for (SimulatedCaller caller : callers) {
      CallResult result = caller.result().await(60 + each * 10L, TimeUnit.SECONDS);
      assertThat(result.problem()).as("seed %d: %s", SEED, result).isEmpty();
      assertThat(result.warnings()).as("seed %d: %s", SEED, result).isEmpty();
      assertThat(result.turns()).hasSize(each + 1);
      // The hundredth as the first: each was cut, and the last answer is whole.
      assertThat(result.turns().subList(0, each)).allMatch(CallResult.Turn::interrupted);
      assertThat(result.turns().get(each).answered()).as(result.toString()).isTrue();
      assertThat(result.turns())
          .as(result.toString())
          .allMatch(turn -> turn.late() + turn.foreign() + turn.doubled() == 0);
      result.turns().subList(1, each + 1).forEach(turn -> reactions.add(turn.reactionMs()));
    }
    Collections.sort(reactions);
    System.out.printf(
        "%d interruptions in %d calls, minimum %s: at the caller p50 %.0f ms, p99 %.0f ms; of the service's%s%n",
        reactions.size(), CALLS, MIN_SPEECH, at(reactions, 0.5), at(reactions, 0.99), within());

    assertThat(reactions).hasSize(each * CALLS).allMatch(reaction -> reaction >= 0);
    assertThat(live.metric("turns_total", "interrupted")).isGreaterThanOrEqualTo(each * CALLS);
    assertThat(LiveService.within2s(live::nothingLeft)).as(live::leftovers).isTrue();
  }

  /** Every line is said over the answer to the one before, which is long. */
  private static Scenario interrupting(int times, int afterWords, long thinkMs) {
    String[] lines = new String[times + 1];
    Arrays.fill(lines, "tell me a long story");
    lines[times] = "echo stop it now";
    return new Scenario(
        List.of(lines), true, afterWords, thinkMs, 3000, 15_000, 0, "", false, 0, 0);
  }

  /** From the arrival of the frame in which the voice began to {@code clear} written: shares within some bounds. */
  private static String within() throws Exception {
    StringBuilder text = new StringBuilder();
    double all = live.metric("barge_in_reaction_ms_count");
    for (int bound : new int[] {50, 75, 100, 150, 200, 250, 500}) {
      double within = live.metric("barge_in_reaction_ms_bucket", "le=\"" + bound + ".0\"");
      text.append(String.format(" %.2f %% within %d ms,", 100 * within / all, bound));
    }
    return text.toString();
  }

  private static double at(List<Double> sorted, double quantile) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * quantile)));
  }
}
