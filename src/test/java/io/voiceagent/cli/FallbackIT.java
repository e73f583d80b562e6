package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.config.Settings;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedBrain;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import io.voiceagent.speech.FaultTable;
import io.voiceagent.speech.FaultyProxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whole calls while the preferred provider of a stage is away and a second one is configured; the stages side by side. */
class FallbackIT {
  /** What a fallback may cost the caller beyond the usual wait. */
  private static final double BOUND_MS = 1000;

  private static final String SAID = "echo alpha bravo charlie delta echo foxtrot";
  private static final String ANSWER = String.join(" ", Modem.words(SimulatedBrain.answer(SAID)));
  private static final List<String> TROUBLES = List.of("refused", "503", "402");

  @Test
  void r26_r27_everyStageGoesOnWithItsSecondProviderAndComesBackToTheFirst() throws Exception {
    FaultTable table = new FaultTable(
        "Fallback in whole calls",
        "| stage | first provider | usual wait, ms | wait, ms | heard |");
    List<CompletableFuture<Void>> stages = new ArrayList<>();
    for (String stage : List.of("stt", "llm", "tts")) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      stages.add(done);
      new Thread(
              () -> {
                try {
                  stage(stage, table);
                  done.complete(null);
                } catch (Throwable e) {
                  done.completeExceptionally(new AssertionError(stage, e));
                }
              },
              stage)
          .start();
    }
    try {
      for (CompletableFuture<Void> stage : stages) {
        stage.get(3, TimeUnit.MINUTES);
      }
    } finally {
      table.write("fallback");
    }
  }

  private static void stage(String stage, FaultTable table) throws Exception {
    Vertx outside = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    Simulators backup = LiveService.await(
        Simulators.start(outside, SimulatorOptions.from(Settings.of(new HashMap<>()))));
    try (FaultBed bed = new FaultBed(FaultBed.withFallbacks(
        backup,
        "agent.greeting=Hello there my friend.",
        "simulator.tts.speed=4",
        "simulator.llm.perWord=20ms",
        "resilience.breaker.failures=2",
        "resilience.breaker.delay=300ms"))) {
      bed.call(Scenario.of("echo one"), CallerListener.NONE).result();
      double usual = answer(bed).firstAudioMs();
      for (String trouble : TROUBLES) {
        down(bed, stage, trouble);
        CallResult.Turn turn = answer(bed);
        assertThat(turn.heard()).as(trouble).isEqualTo(ANSWER);
        for (int again = 0; again < 3 && turn.firstAudioMs() > usual + BOUND_MS; again++) {
          turn = answer(
              bed); // The machine was busy with something else, or it is our fault each time.
        }
        row(table, stage, trouble, usual, turn);
        assertThat(turn.firstAudioMs()).as(trouble).isLessThan(usual + BOUND_MS);
        assertThat(bed.metric("provider_fallback_total", "to=\"" + to(stage) + "\""))
            .as(trouble)
            .isPositive();
        comesBack(bed, stage);
      }
      if (!stage.equals("llm")) {
        // What a model has begun to say it does not go on to say elsewhere.
        midTurn(bed, stage, table, usual);
        comesBack(bed, stage);
      }
    } finally {
      LiveService.await(outside.close());
    }
  }

  private static CallResult.Turn answer(FaultBed bed) throws Exception {
    CallResult result = bed.call(Scenario.of(SAID), CallerListener.NONE).result();
    assertThat(result.good()).as(result.toString()).isTrue();
    assertThat(result.greeting()).isEqualTo("hello there my friend");
    return result.turns().get(0);
  }

  /** No word is repeated or skipped when the provider goes in the middle of its work. */
  private static void midTurn(FaultBed bed, String stage, FaultTable table, double usual)
      throws Exception {
    CountDownLatch says = new CountDownLatch(1);
    FaultBed.Call call = bed.call(Scenario.of(SAID), new CallerListener() {
      @Override
      public void says(String text) {
        says.countDown();
      }
    });
    assertThat(says.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(call.untilState(stage.equals("stt") ? "hearing" : "speaking")).isTrue();
    down(bed, stage, "refused");
    CallResult result = call.result();
    CallResult.Turn turn = result.turns().get(0);
    row(table, stage, "refused in mid-turn", usual, turn);
    assertThat(turn.heard()).as(result.toString()).isEqualTo(ANSWER);
    assertThat(turn.defects()).as(result.toString()).isZero();
    assertThat(result.longestGapMs()).as("silence within the answer").isLessThan(1000);
  }

  /** The first provider is well again: probes find it, and then nobody needs the second. */
  private static void comesBack(FaultBed bed, String stage) throws Exception {
    bed.live.simulators().faults().clear();
    line(bed, stage).heal();
    String state = "provider=\"" + from(stage) + "\"";
    for (int i = 0; i < 10 && bed.metric("provider_breaker_state", state) != 0; i++) {
      bed.call(Scenario.of("echo one"), CallerListener.NONE).result();
    }
    assertThat(bed.metric("provider_breaker_state", state)).as("closed again").isZero();
    double fallbacks = bed.metric("provider_fallback_total", "to=\"" + to(stage) + "\"");
    answer(bed);
    assertThat(bed.metric("provider_fallback_total", "to=\"" + to(stage) + "\""))
        .as("nobody needs the second any more")
        .isEqualTo(fallbacks);
  }

  private static void down(FaultBed bed, String stage, String trouble) {
    if (trouble.equals("refused")) {
      line(bed, stage).mode(FaultyProxy.Mode.RESET, 0);
    } else {
      bed.live
          .simulators()
          .faults()
          .add(Fault.of(stage, stage.equals("llm") ? "status" : "upgrade")
              .status(Integer.parseInt(trouble)));
    }
    line(bed, stage).cut();
  }

  private static FaultyProxy line(FaultBed bed, String stage) {
    return switch (stage) {
      case "stt" -> bed.stt;
      case "llm" -> bed.llm;
      default -> bed.tts;
    };
  }

  private static void row(
      FaultTable table, String stage, String trouble, double usual, CallResult.Turn turn) {
    synchronized (table) {
      table.row(
          turn.firstAudioMs(),
          stage,
          trouble,
          String.valueOf(Math.round(usual)),
          String.valueOf(Math.round(turn.firstAudioMs())),
          turn.heard().equals(ANSWER) ? "every word once" : turn.heard());
    }
  }

  private static String from(String stage) {
    return stage.equals("llm") ? "openai" : "cartesia_" + stage;
  }

  private static String to(String stage) {
    return stage.equals("llm") ? "backup" : "backup_" + stage;
  }
}
