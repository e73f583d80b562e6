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
import io.voiceagent.speech.FaultyProxy;
import java.util.HashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole calls while the preferred provider of a stage is away and a second one is configured. */
class FallbackIT {
  /** What a fallback may cost the caller, beyond an answer without one. */
  private static final double BOUND_MS = 1000;

  private static final String ANSWER =
      String.join(" ", Modem.words(SimulatedBrain.answer("echo alpha bravo charlie delta")));

  private final Vertx outside = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private Simulators backup;
  private FaultBed bed;

  @BeforeEach
  void start() throws Exception {
    backup = LiveService.await(
        Simulators.start(outside, SimulatorOptions.from(Settings.of(new HashMap<>()))));
    bed = new FaultBed(FaultBed.withFallbacks(
        backup,
        "agent.greeting=Hello there my friend.",
        "simulator.tts.speed=4",
        "simulator.llm.perWord=20ms",
        "resilience.breaker.failures=2",
        "resilience.breaker.delay=300ms"));
    bed.call(Scenario.of("echo one"), CallerListener.NONE).result();
  }

  @AfterEach
  void close() throws Exception {
    bed.close();
    LiveService.await(outside.close());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "stt, refused", "stt, 503", "stt, 429", "stt, 402",
    "llm, refused", "llm, 503", "llm, 429", "llm, 402",
    "tts, refused", "tts, 503", "tts, 429", "tts, 402"
  })
  void r26_withThePreferredOneDownFromTheStartTheSecondSpeaksWithinASecond(
      String stage, String trouble) throws Exception {
    double usual = bed.call(Scenario.of("echo one"), CallerListener.NONE)
        .result()
        .turns()
        .get(0)
        .firstAudioMs();
    down(stage, trouble);

    CallResult result = bed.call(
            Scenario.of("echo alpha bravo charlie delta", "echo alpha bravo charlie delta"),
            CallerListener.NONE)
        .result();

    assertThat(result.greeting()).isEqualTo("hello there my friend");
    assertThat(result.turns()).as(result.toString()).hasSize(2);
    for (CallResult.Turn turn : result.turns()) {
      assertThat(turn.heard()).as(result.toString()).isEqualTo(ANSWER);
      assertThat(turn.firstAudioMs()).as(result.toString()).isLessThan(usual + BOUND_MS);
    }
    assertThat(bed.metric("provider_fallback_total", "to=\"" + to(stage) + "\""))
        .isPositive();
    assertThat(bed.leftAfter(2000)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stt", "tts"})
  void r26_inMidTurnTheSecondGoesOnWithoutRepeatingOrSkippingAWord(String stage) throws Exception {
    CountDownLatch says = new CountDownLatch(1);
    FaultBed.Call call =
        bed.call(Scenario.of("echo alpha bravo charlie delta"), new CallerListener() {
          @Override
          public void says(String text) {
            says.countDown();
          }
        });
    assertThat(says.await(15, TimeUnit.SECONDS)).isTrue();
    assertThat(call.untilState(stage.equals("stt") ? "hearing" : "speaking")).isTrue();
    down(stage, "refused");

    CallResult result = call.result();

    assertThat(result.turns().get(0).heard()).as(result.toString()).isEqualTo(ANSWER);
    assertThat(result.turns().get(0).defects()).as(result.toString()).isZero();
    assertThat(result.longestGapMs()).as("silence within the answer").isLessThan(1000);
    assertThat(bed.leftAfter(2000)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stt", "llm", "tts"})
  void r27_thePreferredOneIsProbedAndComesBackForAllCalls(String stage) throws Exception {
    down(stage, "503");
    for (int i = 0; i < 3; i++) {
      assertThat(bed.call(Scenario.of("echo one"), CallerListener.NONE).result().good())
          .isTrue();
    }
    bed.live.simulators().faults().clear();
    String provider = from(stage);
    double fallbacks = 0;
    for (int i = 0; i < 6; i++) {
      fallbacks = bed.metric("provider_fallback_total", "to=\"" + to(stage) + "\"");
      assertThat(bed.call(Scenario.of("echo one"), CallerListener.NONE).result().good())
          .isTrue();
    }

    assertThat(bed.metric("provider_breaker_state", "provider=\"" + provider + "\""))
        .as("closed again")
        .isZero();
    assertThat(bed.metric("provider_fallback_total", "to=\"" + to(stage) + "\""))
        .as("nobody needs the second any more")
        .isEqualTo(fallbacks);
  }

  private void down(String stage, String trouble) {
    FaultyProxy line = stage.equals("stt") ? bed.stt : stage.equals("llm") ? bed.llm : bed.tts;
    if (trouble.equals("refused")) {
      line.mode(FaultyProxy.Mode.RESET, 0);
    } else {
      bed.live
          .simulators()
          .faults()
          .add(Fault.of(stage, stage.equals("llm") ? "status" : "upgrade")
              .status(Integer.parseInt(trouble)));
    }
    line.cut();
  }

  private static String from(String stage) {
    return stage.equals("llm") ? "openai" : "cartesia_" + stage;
  }

  private static String to(String stage) {
    return stage.equals("llm") ? "backup" : "backup_" + stage;
  }
}
