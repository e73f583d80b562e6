package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Segment;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TurnId;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text in, sound out, over the bus and real sockets. */
class TtsStageTest {
  private static final String ANSWER =
      "Of course, your table for two is booked. It is at the window. See you on Friday then.";
  private static final String SPOKEN =
      "of course your table for two is booked it is at the window see you on friday then";

  private final SpeechRig rig = new SpeechRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void everyWordIsHeardOnceAndInOrder() throws Exception {
    rig.start();

    CallFact end = rig.speak(1, List.of(ANSWER.split("(?<= )")), false)
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, java.util.concurrent.TimeUnit.SECONDS);

    assertThat(end).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(((CallFact.SpeechCompleted) end).audioMs()).isEqualTo((int) (rig.ear.bytes / 8));
    rig.until("media's stream ended", () -> rig.ear.ended == 1);
    assertThat(rig.ear.text()).isEqualTo(SPOKEN);
    assertThat(rig.counter("cartesia_tts_error")).isZero();
  }

  @Test
  void segmentsTileTheSoundAndCarryTheirWords() throws Exception {
    rig.start();
    rig.say(1, ANSWER);

    List<Segment> segments = rig.facts.stream()
        .filter(CallFact.SegmentSpoken.class::isInstance)
        .map(fact -> ((CallFact.SegmentSpoken) fact).segment())
        .toList();
    assertThat(segments.size()).isGreaterThan(1);
    int at = 0;
    for (Segment segment : segments) {
      assertThat(segment.startMs()).isEqualTo(at);
      at = segment.endMs();
      assertThat(segment.words()).isNotEmpty();
      assertThat(segment.words())
          .allMatch(word -> word.startMs() >= segment.startMs() && word.endMs() <= segment.endMs());
    }
    assertThat(String.join(" ", segments.stream().map(Segment::text).toList())).isEqualTo(ANSWER);
    assertThat(rig.sim().stats().get("ttsContexts")).as("one context per turn").isEqualTo(1);
  }

  @Test
  void theFactsOfATurnComeInOrder() throws Exception {
    rig.start();
    rig.say(1, "Good morning to you.");

    assertThat(rig.facts.stream()
            .filter(fact -> !(fact instanceof CallFact.WordsTimed)) // as the voice tells them
            .map(fact -> fact.getClass().getSimpleName())
            .toList())
        .containsExactly("SegmentQueued", "FirstAudio", "SegmentSpoken", "SpeechCompleted");
  }

  @Test
  void r25_aCancelledTurnIsCancelledAtTheProviderAndNothingOfItFollows() throws Exception {
    rig.sim("simulator.tts.speed", "2").start();
    var first = rig.next(CallFact.FirstAudio.class::isInstance);
    rig.speak(1, List.of(ANSWER.repeat(3)), false);
    SpeechRig.await(first);

    rig.order(Stage.TTS, new CallOrder.CancelTurn(new TurnId(1)));
    rig.until("the provider saw it", () -> rig.sim().stats().get("ttsCancelled") == 1);
    long bytes = rig.ear.bytes;
    rig.say(2, "Another answer now.");

    assertThat(rig.ear.text()).endsWith("another answer now");
    rig.until("no context is open", () -> rig.sim().stats().get("ttsContextsOpen") == 0);
    assertThat(rig.facts)
        .noneMatch(
            fact -> fact instanceof CallFact.SpeechCompleted done && done.turn().value() == 1);
    assertThat(rig.ear.bytes).isGreaterThan(bytes);
  }

  @Test
  void r25_aContextWhoseEndIsNotToldIsCancelled() throws Exception {
    rig.with("tts.cartesia.cancelGrace", "50ms").start();
    rig.sim().faults().add(Fault.of("tts", "noDone"));

    assertThat(rig.say(1, ANSWER)).isInstanceOf(CallFact.SpeechCompleted.class);

    rig.until("no context is open", () -> rig.sim().stats().get("ttsContextsOpen") == 0);
    assertThat(rig.sim().stats().get("ttsSocketsOpen")).as("sockets stay").isEqualTo(1);
    assertThat(rig.ear.text()).isEqualTo(SPOKEN);
  }

  @Test
  void r14_reusedSocketDeliversNoOldFrames() throws Exception {
    rig.sim("simulator.tts.speed", "20").start();
    for (int turn = 1; turn < 20; turn += 2) {
      var first = rig.next(CallFact.FirstAudio.class::isInstance);
      rig.speak(turn, List.of("Old words that nobody wants to hear any more today."), false);
      SpeechRig.await(first);
      rig.order(Stage.TTS, new CallOrder.CancelTurn(new TurnId(turn)));
      int before = rig.ear.words.size();
      rig.say(turn + 1, "Fresh answer.");
      rig.ear.text();
      assertThat(rig.ear.words.subList(before, rig.ear.words.size()))
          .as("turn " + turn)
          .endsWith("fresh", "answer");
      assertThat(rig.ear.words.subList(before, rig.ear.words.size()).stream()
              .filter(word -> word.equals("fresh") || word.equals("answer")))
          .hasSize(2);
    }
    assertThat(rig.sim().stats().get("ttsSocketsOpen")).as("all on one socket").isEqualTo(1);
  }

  @Test
  void r26_whatDiesInTheMiddleIsFinishedByTheNextAttemptWithoutARepetition() throws Exception {
    rig.start();
    rig.sim().faults().add(Fault.of("tts", "closeMid").after(7).times(1));

    CallFact end = rig.say(1, ANSWER);

    assertThat(end).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.ear.text()).isEqualTo(SPOKEN);
    assertThat(rig.counter("cartesia_tts_error")).isEqualTo(1);
    assertThat(rig.counter("cartesia_tts_timeout_or_closed")).isEqualTo(1);
    assertThat(rig.counter("provider_retries")).isEqualTo(1);
  }

  @Test
  void r26_theSecondAccountTakesOverAndTheFirstIsAskedAgainLater() throws Exception {
    rig.with("resilience.breaker.failures", "1")
        .with("resilience.breaker.delay", "50ms")
        .start("backup");
    rig.sim().faults().add(Fault.of("tts", "error").status(503).times(1));

    rig.say(1, ANSWER);
    assertThat(rig.ear.text()).isEqualTo(SPOKEN);
    assertThat(rig.sims.get(1).stats().get("ttsContexts")).isEqualTo(1);

    int turn = 2;
    long until = System.nanoTime() + 5_000_000_000L;
    while (rig.sim().stats().get("ttsContexts") == 0 && System.nanoTime() < until) {
      rig.say(turn++, "Hello again.");
    }
    assertThat(rig.sim().stats().get("ttsContexts"))
        .as("it is the preferred one again")
        .isOne();
  }

  @Test
  void aFixedTextIsSynthesisedOnceAndThenNeedsNoProvider() throws Exception {
    rig.fixedTexts("Sorry, something went wrong.").start();
    rig.until("it is prepared", () -> rig.sim().stats().get("ttsDone") == 1);
    rig.sim().faults().add(Fault.of("tts", "error"));

    for (int turn = 1; turn <= 5; turn++) {
      assertThat(rig.sayFixed(turn, "Sorry, something went wrong."))
          .isInstanceOf(CallFact.SpeechCompleted.class);
    }

    rig.until("all is heard", () -> rig.ear.ended == 5);
    assertThat(rig.ear.text())
        .isEqualTo(String.join(" ", Collections.nCopies(5, "sorry something went wrong")));
    assertThat(rig.sim().stats().get("ttsContexts")).isEqualTo(1);
  }

  @Test
  void aFixedTextWhoseVoiceBrokeOffWithinAWordIsKeptWithoutTheHalf() throws Exception {
    String text = "One internationalisation, please.";
    // The long word is two chunks.
    rig.fixedTexts(text).fault(Fault.of("tts", "closeMid").after(2).times(1)).start();
    rig.until("it is prepared", () -> rig.sim().stats().get("ttsDone") == 1);

    rig.sayFixed(1, text);

    rig.until("all is heard", () -> rig.ear.ended == 1);
    assertThat(rig.ear.text()).isEqualTo("one internationalisation please");
    assertThat(rig.ear.garbled).isZero();
    assertThat(rig.counter("cartesia_tts_error")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aVoiceThatIsHeldBackAndBreaksOffSaysTheRestInItsOrder(int chunks) throws Exception {
    String text = "The internationalisation of one is done. The industrialisation of two is done. "
        + "The internationalisation of three is done. The industrialisation of four is done.";
    rig.with("tts.maxBuffered", "5s")
        .with("tts.segment.sentence", "20")
        .with("resilience.retry.backoff", "10ms")
        .start();
    rig.sim().faults().add(Fault.of("tts", "closeMid").after(chunks).times(1));

    CallFact end = rig.say(1, text);

    assertThat(end).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.ear.text()).isEqualTo(String.join(" ", Modem.words(text)));
    assertThat(rig.sim().stats().get("ttsContexts")).isEqualTo(2);
  }

  @Test
  void aCallerWhoDoesNotListenLeavesTheModelWithoutCredit() throws Exception {
    rig.ear.deaf = true;
    rig.with("tts.maxAhead", "1s").with("tts.maxBuffered", "4s").start();
    List<String> deltas = Collections.nCopies(2000, "word by word it goes on. ");
    var end = rig.speak(1, deltas, false);
    rig.until("sound waits", () -> rig.sim().stats().get("ttsAudioBytes") > 50_000);
    awaitStandstill(() -> rig.sim().stats().get("ttsCharacters"));

    assertThat(rig.sim().stats().get("ttsCharacters"))
        .as("text of %s characters that was asked for", 2000 * 25)
        .isLessThan(8_000);
    rig.order(Stage.TTS, new CallOrder.ReleaseCall());
    rig.until("all is let go", () -> rig.sim().stats().get("ttsContextsOpen") == 0);
    assertThat(end.isComplete()).isFalse();
  }

  @Test
  void aVoiceThatFloodsHasItsSocketPausedAndMemoryStaysFlat() throws Exception {
    rig.ear.deaf = true;
    rig.with("tts.maxBuffered", "200s")
        .with("tts.maxAhead", "100s")
        .with("tts.segment.longest", "2000")
        .with("tts.segment.sentence", "1000")
        .with("tts.cartesia.nextAudioTimeout", "60s")
        .start();
    int words = 4000;
    var end = rig.speak(1, List.of("word ".repeat(words)), false);

    rig.until("the line is full", () -> rig.sim().stats().get("ttsBlocked") > 0);
    awaitStandstill(() -> rig.sim().stats().get("ttsAudioBytes"));
    listen();

    assertThat(SpeechRig.await(end)).isInstanceOf(CallFact.SpeechCompleted.class);
    rig.until("all is heard", () -> rig.ear.ended == 1);
    rig.ear.text();
    assertThat(rig.ear.words).hasSize(words).containsOnly("word");
    assertThat(rig.counter("cartesia_tts_error")).isZero();
  }

  private void listen() throws Exception {
    rig.run(() -> {
      rig.ear.hear();
      return Future.succeededFuture();
    });
  }

  private void awaitStandstill(LongSupplier value) throws Exception {
    long[] last = {-1, System.nanoTime()};
    rig.until("it stands still", () -> {
      if (value.getAsLong() != last[0]) {
        last[0] = value.getAsLong();
        last[1] = System.nanoTime();
      }
      return System.nanoTime() - last[1] > 150_000_000L;
    });
  }

  @Test
  void aModelThatPausesGoesOnInANewContext() throws Exception {
    rig.with("tts.cartesia.contextIdle", "50ms").start();
    var end = rig.endOf(1);
    var spoken = rig.next(CallFact.SegmentSpoken.class::isInstance);
    var writer = rig.run(() -> rig.open(1, false));
    rig.run(() -> writer.write(new io.voiceagent.call.TextDelta("One moment please. ")));
    SpeechRig.await(spoken);
    long since = System.nanoTime();
    rig.until("a pause", () -> System.nanoTime() - since > 100_000_000L);
    rig.run(() -> {
      writer.write(new io.voiceagent.call.TextDelta("Here it is now. "));
      writer.end();
      return Future.succeededFuture();
    });

    CallFact last = SpeechRig.await(end);

    assertThat(last).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.ear.text()).isEqualTo("one moment please here it is now");
    assertThat(rig.sim().stats().get("ttsContexts")).isEqualTo(2);
    Segment second = rig.facts.stream()
        .filter(CallFact.SegmentSpoken.class::isInstance)
        .map(fact -> ((CallFact.SegmentSpoken) fact).segment())
        .filter(segment -> segment.index() == 1)
        .findFirst()
        .orElseThrow();
    assertThat(second.words().get(0).startMs()).isGreaterThanOrEqualTo(second.startMs());
  }

  @Test
  void theAccountsLimitIsKeptByWaitingNotByErrors() throws Exception {
    rig.sim("simulator.tts.maxContexts", "2")
        .sim("simulator.tts.speed", "50")
        .with("tts.cartesia.maxConcurrentContexts", "2")
        .start();
    List<io.vertx.core.Future<CallFact>> ends = new java.util.ArrayList<>();
    for (int turn = 1; turn <= 10; turn++) {
      ends.add(rig.speak(turn, List.of("A few words here."), false));
    }

    for (var end : ends) {
      assertThat(SpeechRig.await(end)).isInstanceOf(CallFact.SpeechCompleted.class);
    }

    assertThat(rig.counter("cartesia_tts_rate_limit")).isZero();
    rig.until("all places are free", () -> rig.voice().activeContexts() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws://127.0.0.1:1", "ws://nowhere.invalid"})
  void r26_anAddressWhereNobodyIsIsPassedOver(String url) throws Exception {
    rig.with("tts.cartesia.url", url).start("backup");

    assertThat(rig.say(1, ANSWER)).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.ear.text()).isEqualTo(SPOKEN);
    assertThat(rig.counter("cartesia_tts_error")).isPositive();
  }

  @Test
  void r23_aSocketThatTheProviderClosesWhileNobodySpeaksCostsNothing() throws Exception {
    rig.proxied().start();
    rig.say(1, "Good morning.");
    rig.proxy().cut();
    rig.until("a new one is open", () -> rig.sim().stats().get("ttsSockets") == 2);

    assertThat(rig.say(2, "Good evening.")).isInstanceOf(CallFact.SpeechCompleted.class);
    assertThat(rig.counter("cartesia_tts_error")).isZero();
    assertThat(rig.ear.text()).isEqualTo("good morning good evening");
  }
}
