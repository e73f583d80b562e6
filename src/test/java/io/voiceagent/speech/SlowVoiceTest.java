package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.TextDelta;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A voice that never stops, and yet is slower than one listens. */
class SlowVoiceTest {
  private static final String ANSWER =
      "Of course, your table for two is booked. It is at the window. See you on Friday then.";
  private static final String SPOKEN = String.join(" ", Modem.words(ANSWER));
  /** Between chunks that hold a word each, some 150 ms of sound. */
  private static final Fault SLOW = Fault.of("tts", "drip").ms(300);

  private final SpeechRig rig = new SpeechRig()
      .with("tts.cartesia.nextAudioTimeout", "400ms")
      .with("resilience.retry.backoff", "10ms");

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void itIsLeftAndAnotherAttemptSpeaksTheRestOnAnotherLine() throws Exception {
    rig.start();
    rig.sim().faults().add(SLOW.times(1));

    CallFact end = rig.say(1, ANSWER);

    assertThat(end).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.ear.text()).isEqualTo(SPOKEN);
    assertThat(rig.counter("cartesia_tts_error")).isEqualTo(1);
    assertThat(rig.counter("cartesia_tts_timeout")).isEqualTo(1);
    assertThat(rig.counter("provider_retries")).isEqualTo(1);
    rig.until(
        "the first line is left",
        () -> rig.sim().stats().get("ttsSockets") == 2
            && rig.sim().stats().get("ttsSocketsOpen") == 1);
  }

  @Test
  void oneThatIsAlwaysSlowIsNotAskedAnyMore() throws Exception {
    rig.with("resilience.breaker.failures", "2")
        .with("resilience.breaker.delay", "60s")
        .start("backup");
    rig.sim().faults().add(SLOW);
    rig.say(1, ANSWER);
    rig.say(2, ANSWER);
    assertThat(rig.counter("cartesia_tts_error")).isEqualTo(2);
    assertThat(breaker()).as("open").isEqualTo(2);

    rig.say(3, ANSWER);

    assertThat(rig.counter("cartesia_tts_error")).isEqualTo(2);
    assertThat(rig.sim().stats().get("ttsContexts")).isEqualTo(2);
    assertThat(rig.ear.text()).isEqualTo(String.join(" ", SPOKEN, SPOKEN, SPOKEN));
  }

  @Test
  void aSlowProbeDoesNotCloseTheBreaker() throws Exception {
    rig.with("resilience.breaker.failures", "1")
        .with("resilience.breaker.delay", "50ms")
        .start("backup");
    rig.sim().faults().add(Fault.of("tts", "error").times(1));
    rig.say(1, ANSWER);
    rig.sim().faults().add(SLOW);
    long asked = rig.sim().stats().get("ttsContexts");

    for (int turn = 2; rig.sim().stats().get("ttsContexts") == asked; turn++) {
      rig.say(turn, ANSWER);
    }

    assertThat(breaker()).isNotZero();
  }

  @Test
  void aGoodProbeClosesTheBreakerWithItsFirstPiece() throws Exception {
    rig.with("resilience.breaker.failures", "1")
        .with("resilience.breaker.delay", "50ms")
        .with("resilience.retry.attempts", "1")
        .start();
    rig.sim().faults().add(Fault.of("tts", "error").times(1));
    assertThat(rig.say(1, ANSWER)).isInstanceOf(CallFact.SpeechFailed.class);
    pause(60);
    var end = rig.endOf(2);
    BusWriter<TextDelta> writer = rig.run(() -> rig.open(2, false));

    rig.run(() -> writer.write(new TextDelta("Good morning to you. ")));

    rig.until("it is closed", () -> breaker() == 0);
    assertThat(end.isComplete()).as("the utterance is over").isFalse();
  }

  @Test
  void aModelThatPausesDoesNotMakeItSlow() throws Exception {
    rig.start();
    var end = rig.endOf(1);
    BusWriter<TextDelta> writer = rig.run(() -> rig.open(1, false));
    for (int i = 0; i < 3; i++) {
      rig.run(() -> writer.write(new TextDelta("Yes. ")));
      pause(500);
    }
    rig.run(() -> {
      writer.end();
      return Future.succeededFuture();
    });

    assertThat(SpeechRig.await(end)).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.counter("cartesia_tts_error")).isZero();
  }

  @Test
  void aListenerWhoStoppedListeningDoesNotMakeItSlow() throws Exception {
    rig.ear.deaf = true;
    rig.with("tts.maxBuffered", "200ms").start();
    long began = System.nanoTime();
    var end = rig.speak(1, List.of("word ".repeat(60)), false);
    SpeechRig.await(rig.next(CallFact.FirstAudio.class::isInstance));
    rig.until(
        "all that came would be over",
        () -> System.nanoTime() - began
            > TimeUnit.MILLISECONDS.toNanos((long) (rig.counter("tts_audio_bytes") / 8) + 600));

    rig.run(() -> {
      rig.ear.hear();
      return Future.succeededFuture();
    });

    assertThat(SpeechRig.await(end)).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.counter("cartesia_tts_error")).isZero();
  }

  private void pause(int ms) throws Exception {
    long began = System.nanoTime();
    rig.until("a pause", () -> System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private double breaker() {
    return rig.registry
        .get("provider_breaker_state")
        .tag("provider", "cartesia_tts")
        .gauge()
        .value();
  }
}
