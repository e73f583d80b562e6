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
import java.util.HashMap;
import org.junit.jupiter.api.Test;

/** What a caller hears of a voice that goes wrong within an answer. */
class VoiceFaultIT {
  private static final String SAID = "echo alpha bravo charlie delta echo foxtrot golf hotel india";
  private static final String ANSWER = String.join(" ", Modem.words(SimulatedBrain.answer(SAID)));

  @Test
  void afterAVoiceThatSpeaksSlowerThanOneListensTheSecondSpeaksTheRestAndSoonAllOfIt()
      throws Exception {
    Vertx outside = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    Simulators backup = LiveService.await(
        Simulators.start(outside, SimulatorOptions.from(Settings.of(new HashMap<>()))));
    try (FaultBed bed = new FaultBed(FaultBed.withFallbacks(
        backup,
        "agent.greeting=Hello there my friend.",
        "simulator.jitter=0.1",
        "tts.cartesia.nextAudioTimeout=500ms",
        "resilience.breaker.failures=2",
        "resilience.breaker.delay=60s"))) {
      bed.call(Scenario.of("echo one"), CallerListener.NONE).result();
      bed.live.simulators().faults().add(Fault.of("tts", "drip").ms(320));

      for (int call = 1; call <= 2; call++) {
        CallResult result = heardWhole(bed);
        assertThat(result.longestGapMs()).as("of the jerks").isBetween(100L, 1000L);
        assertThat(bed.metric("cartesia_tts_error_total")).isEqualTo(call);
        assertThat(bed.metric("cartesia_tts_timeout_total")).isEqualTo(call);
        assertThat(bed.metric("provider_fallback_total", "to=\"backup_tts\"")).isEqualTo(call);
      }
      assertThat(bed.metric("provider_breaker_state", "provider=\"cartesia_tts\""))
          .as("open")
          .isEqualTo(2);
      heardWhole(bed);
      assertThat(bed.metric("cartesia_tts_error_total")).isEqualTo(2);
    } finally {
      LiveService.await(outside.close());
    }
  }

  @Test
  void halfAWordAtWhoseMiddleTheVoiceBrokeOffIsNotHeardBeforeTheWholeOne() throws Exception {
    try (FaultBed bed =
        new FaultBed("agent.greeting=Hello there my friend.", "simulator.tts.speed=4")) {
      bed.call(Scenario.of("echo one"), CallerListener.NONE).result();
      String before = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima";
      String all = before + " internationalisation mike";
      // Each word is a chunk, but for the long one.
      int chunks = before.split(" ").length + 1;
      bed.live
          .simulators()
          .faults()
          .add(Fault.of("tts", "closeMid").after(chunks).times(1));

      CallResult result =
          bed.call(Scenario.of("echo " + all), CallerListener.NONE).result();

      assertThat(result.turns().get(0).heard()).isEqualTo(all);
      assertThat(result.garbled()).as("halves").isZero();
      assertThat(bed.metric("cartesia_tts_timeout_or_closed_total")).isEqualTo(1);
    }
  }

  private static CallResult heardWhole(FaultBed bed) throws Exception {
    CallResult result = bed.call(Scenario.of(SAID), CallerListener.NONE).result();
    assertThat(result.good()).as(result.toString()).isTrue();
    CallResult.Turn turn = result.turns().get(0);
    assertThat(turn.heard()).isEqualTo(ANSWER);
    assertThat(turn.doubled()).as("heard twice").isZero();
    return result;
  }
}
