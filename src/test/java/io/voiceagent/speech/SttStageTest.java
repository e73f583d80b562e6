package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Failure;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.sim.Faults.Fault;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound in, words out, over the bus and real sockets. */
class SttStageTest {
  private final SpeechRig rig = new SpeechRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void r31_theFirstFrameOfTheCallCounts() throws Exception {
    rig.start();
    rig.listen();
    rig.callerSays("yes please");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("yes please");
    assertThat(rig.counter("cartesia_stt_flush_requested")).isEqualTo(1);
    assertThat(rig.counter("cartesia_stt_error")).isZero();
    assertThat(rig.registry.get("frame_age_ms").summary().count()).isPositive();
  }

  @Test
  void severalFinalsOfOneUtteranceAreJoinedNotDropped() throws Exception {
    rig.sim("simulator.stt.finalEvery", "2").start();
    rig.listen();
    rig.callerSays("one two three four five six seven");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("one two three four five six seven");
    assertThat(rig.facts.stream().filter(CallFact.FinalTranscript.class::isInstance))
        .hasSize(4);
  }

  @Test
  void r16_aFinalThatComesTwiceBearsTheNumberThatWasConsumed() throws Exception {
    rig.start();
    rig.sim().faults().add(Fault.of("stt", "duplicateFinal"));
    rig.listen();
    rig.callerSays("yes please");

    finalizeAndWait();

    assertThat(rig.facts.stream()
            .filter(CallFact.FinalTranscript.class::isInstance)
            .map(fact -> ((CallFact.FinalTranscript) fact).seq()))
        .containsExactly(1, 1);
  }

  @Test
  void theSameWordSaidTwiceIsTwoWords() throws Exception {
    rig.sim("simulator.stt.finalEvery", "1").start();
    rig.listen();
    rig.callerSays("no no no");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("no no no");
    assertThat(rig.facts.stream()
            .filter(CallFact.FinalTranscript.class::isInstance)
            .map(fact -> ((CallFact.FinalTranscript) fact).seq()))
        .doesNotHaveDuplicates();
  }

  @Test
  void theProvidersOwnEndpointingIsPassedOn() throws Exception {
    rig.with("stt.cartesia.endpoint", "turns")
        .sim("simulator.stt.turnSilence", "200ms")
        .start();
    rig.listen();
    var ended = rig.next(CallFact.ProviderTurnEnded.class::isInstance);
    rig.callerSays("what is the time");

    // The caller's line goes silent altogether: silence is made up for the provider.
    CallFact.ProviderTurnEnded end = (CallFact.ProviderTurnEnded) SpeechRig.await(ended);

    assertThat(end.text()).isEqualTo("what is the time");
    assertThat(rig.facts).anyMatch(CallFact.ProviderTurnStarted.class::isInstance);
    rig.order(Stage.STT, new CallOrder.FinalizeTranscript());
    assertThat(rig.counter("cartesia_stt_flush_requested")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void r24_aSocketThatDiesInMidSentenceCostsNoWord(int afterWords) throws Exception {
    rig.start();
    rig.sim().faults().add(Fault.of("stt", "close").after(afterWords).times(1));
    rig.listen();
    rig.callerSays("the quick brown fox jumps over the lazy dog");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("the quick brown fox jumps over the lazy dog");
    assertThat(rig.counter("cartesia_stt_error")).isEqualTo(1);
    assertThat(rig.counter("provider_retries")).isEqualTo(1);
    assertThat(rig.sim().stats().get("sttSocketsOpen")).isEqualTo(1);
  }

  @Test
  void r24_wordsBehindAnUnaskedFinalAreNeitherLostNorDoubled() throws Exception {
    rig.sim("simulator.stt.finalEvery", "3").start();
    rig.sim().faults().add(Fault.of("stt", "close").after(5).times(1));
    rig.listen();
    rig.callerSays("alpha bravo charlie delta echo foxtrot golf hotel");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("alpha bravo charlie delta echo foxtrot golf hotel");
  }

  @Test
  void aFinalizeWithoutAnAnswerIsCountedAndAskedOfTheNextSocket() throws Exception {
    rig.with("stt.finalizeTimeout", "100ms").start();
    rig.sim().faults().add(Fault.of("stt", "hang").times(1));
    rig.listen();
    rig.callerSays("are you there");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("are you there");
    assertThat(rig.counter("cartesia_stt_flush_timeout")).isEqualTo(1);
    assertThat(rig.counter("cartesia_stt_flush_error")).isEqualTo(1);
  }

  @Test
  void aRefusedKeyIsNotTriedAgainAndTheConversationIsTold() throws Exception {
    rig.with("stt.cartesia.apiKey", "wrong").start();
    var failed = rig.next(CallFact.TranscriptionFailed.class::isInstance);
    rig.listen();

    CallFact.TranscriptionFailed fact = (CallFact.TranscriptionFailed) SpeechRig.await(failed);

    assertThat(fact.failure().kind()).isEqualTo(Failure.Kind.UNAUTHORIZED);
    assertThat(rig.counter("provider_retries")).isZero();
    assertThat(rig.counter("cartesia_stt_error")).isEqualTo(1);
  }

  @Test
  void r26_theSecondAccountHearsWhatTheFirstDidNotFinish() throws Exception {
    rig.start("backup");
    rig.sim().faults().add(Fault.of("stt", "close").after(2).times(1));
    rig.listen();
    rig.callerSays("please change my booking");

    finalizeAndWait();

    assertThat(rig.transcript()).isEqualTo("please change my booking");
    assertThat(rig.sims.get(1).stats().get("sttWords")).isPositive();
    assertThat(rig.counter("provider_fallback")).isEqualTo(1);
  }

  @Test
  void anOutageBeyondTheLimitIsToldOnceAndFreesEverything() throws Exception {
    rig.with("stt.maxOutage", "200ms").start();
    rig.sim().faults().add(Fault.of("stt", "upgrade").status(503));
    var failed = rig.next(CallFact.TranscriptionFailed.class::isInstance);
    rig.listen();

    SpeechRig.await(failed);

    rig.order(Stage.STT, new CallOrder.FinalizeTranscript());
    assertThat(rig.facts.stream().filter(CallFact.TranscriptionFailed.class::isInstance))
        .hasSize(1);
    assertThat(rig.counter("cartesia_stt_flush_requested")).isZero();
  }

  @Test
  void r1_aReleasedCallLeavesNoSocket() throws Exception {
    rig.start();
    rig.listen();
    rig.callerSays("hello");
    finalizeAndWait();

    rig.order(Stage.STT, new CallOrder.ReleaseCall());

    rig.until("the socket is closed", () -> rig.sim().stats().get("sttSocketsOpen") == 0);
  }

  @Test
  void r1_aVanishedMediaLeavesNoSocket() throws Exception {
    rig.start();
    rig.listen();
    rig.callerSays("hello");
    finalizeAndWait();

    rig.callerStops();

    rig.until("the socket is closed", () -> rig.sim().stats().get("sttSocketsOpen") == 0);
  }

  @Test
  void r41_aTranscriberThatNeverComesHasItsOldestAudioDroppedAndCounted() throws Exception {
    rig.with("stt.replay", "1s").start();
    rig.sim().faults().add(Fault.of("stt", "upgrade").status(503));
    rig.listen();
    byte[] silence = new byte[2 * 8000];
    Arrays.fill(silence, AudioFrame.SILENCE);

    for (int i = 0; i < 20; i++) {
      rig.callerSends(Arrays.copyOf(silence, 800));
    }

    rig.until("50 frames are gone", () -> rig.counter("cartesia_stt_backpressure") == 50);
  }

  @Test
  void r41_aTranscriberThatReadsNothingFillsABoundedRing() throws Exception {
    rig.proxied().with("stt.ring", "3s").start();
    rig.listen();
    rig.callerSays("hello");
    finalizeAndWait();
    rig.proxy().deaf();
    byte[] second = new byte[8000];
    Arrays.fill(second, AudioFrame.SILENCE);

    rig.sendUntil(
        second, "the oldest audio is dropped", () -> rig.counter("cartesia_stt_backpressure") > 10);

    assertThat(rig.counter("cartesia_stt_error")).isZero();
    long since = System.nanoTime();
    rig.order(Stage.STT, new CallOrder.ReleaseCall());
    rig.until("even this socket is gone", () -> rig.proxy().hungUp());
    assertThat(System.nanoTime() - since).as("R1: within 2 s").isLessThan(2_000_000_000L);
  }

  private void finalizeAndWait() throws Exception {
    var flushed = rig.next(CallFact.TranscriptFlushed.class::isInstance);
    rig.order(Stage.STT, new CallOrder.FinalizeTranscript());
    SpeechRig.await(flushed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws://127.0.0.1:1", "ws://nowhere.invalid"})
  void r26_anAddressWhereNobodyIsIsPassedOver(String url) throws Exception {
    rig.with("stt.cartesia.url", url).start("backup");
    var flushed = rig.next(CallFact.TranscriptFlushed.class::isInstance);
    rig.listen();
    rig.callerSays("book a table");
    rig.order(Stage.STT, new CallOrder.FinalizeTranscript());
    SpeechRig.await(flushed);

    assertThat(rig.transcript()).isEqualTo("book a table");
    assertThat(rig.counter("cartesia_stt_error")).isPositive();
  }

  @Test
  void r23_aTranscriberHearsSilenceWhileTheCarrierSendsNone() throws Exception {
    rig.with("stt.silenceAfter", "50ms").start();
    rig.listen();
    rig.callerSays("hello");
    long heard = rig.sim().stats().get("sttAudioBytes");

    rig.until(
        "it goes on hearing something",
        () -> rig.sim().stats().get("sttAudioBytes") >= heard + 3 * 800);
    assertThat(rig.counter("cartesia_stt_error")).isZero();
  }
}
