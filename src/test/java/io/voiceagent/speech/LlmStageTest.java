package io.voiceagent.speech;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Failure;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.call.TurnId;
import io.voiceagent.sim.Faults.Fault;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions to models, over the bus and real sockets: who is asked, when, how often. */
class LlmStageTest {
  private final LlmRig rig = new LlmRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void r26_theSecondServerAnswersAtOnceWhateverTheFirstIs() throws Exception {
    rig.start("backup");
    rig.ask(1, "echo first");
    rig.sim().faults().add(Fault.of("llm", "status").status(503));

    CallFact end = rig.ask(2, "echo second");

    assertThat(end).isInstanceOf(CallFact.ReplyCompleted.class);
    assertThat(rig.sims.get(1).stats().get("llmRequests")).isEqualTo(1);
    assertThat(rig.counter("provider_retries"))
        .as("nobody waits for a repetition while another can answer")
        .isZero();
  }

  @Test
  void aLineToTheVoiceThatIsLostIsToldForNobodyElseKnows() throws Exception {
    rig.sim("simulator.llm.perWord", "100ms").start();
    rig.voiceLine = new Failure(Failure.Stage.BUS, Failure.Kind.PEER_LOST, "silent");
    rig.asked(1, "echo one two three", List.of());
    rig.until(
        "it is told", () -> rig.facts.stream().anyMatch(CallFact.SpeechFailed.class::isInstance));

    assertThat(rig.facts)
        .filteredOn(CallFact.SpeechFailed.class::isInstance)
        .singleElement()
        .satisfies(fact ->
            assertThat(((CallFact.SpeechFailed) fact).address()).isEqualTo("va.local.tts.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/v1", "http://nowhere.invalid/v1"})
  void r26_anAddressWhereNobodyIsIsPassedOver(String url) throws Exception {
    rig.with("llm.openai.url", url).start("backup");

    assertThat(rig.ask(1, "echo one")).isInstanceOf(CallFact.ReplyCompleted.class);
    assertThat(rig.counter("openai_stream_error")).isEqualTo(1);
  }

  @Test
  void r27_theFirstServerIsAskedAgainOnceAProbeSucceeds() throws Exception {
    rig.with("resilience.breaker.failures", "2")
        .with("resilience.breaker.delay", "2s")
        .start("backup");
    rig.sim().faults().add(Fault.of("llm", "status").status(500).times(2));
    rig.ask(1, "echo one");
    rig.ask(2, "echo two");
    long before = rig.sim().stats().get("llmRequests");
    rig.ask(3, "echo three");
    assertThat(rig.sim().stats().get("llmRequests"))
        .as("an open breaker spares the server and the caller's time")
        .isEqualTo(before);

    int[] turn = {4};
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (rig.sim().stats().get("llmCompleted") == 0 && System.nanoTime() < until) {
      rig.ask(turn[0]++, "echo again");
    }

    assertThat(rig.sim().stats().get("llmCompleted"))
        .as("it is the preferred one again")
        .isPositive();
    long fallback = rig.sims.get(1).stats().get("llmRequests");
    rig.ask(turn[0]++, "echo once more");
    assertThat(rig.sims.get(1).stats().get("llmRequests")).isEqualTo(fallback);
  }

  @Test
  void r28_aServerThatFailsEveryoneIsAskedSoManyTimesAndNoMore() throws Exception {
    rig.with("resilience.breaker.failures", "1000").start();
    rig.sim().faults().add(Fault.of("llm", "status").status(500));

    CallFact end = rig.ask(1, "echo one");

    assertThat(((CallFact.ReplyFailed) end).failure().kind()).isEqualTo(Failure.Kind.SERVER);
    assertThat(rig.requests()).isEqualTo(3);
    assertThat(rig.counter("openai_stream_error")).isEqualTo(3);
  }

  @Test
  void anAccountOutOfMoneyIsNotAskedAgainByAnyCall() throws Exception {
    rig.with("resilience.breaker.delay", "60s").start("backup");
    rig.sim().faults().add(Fault.of("llm", "status").status(429).code("insufficient_quota"));

    rig.ask(1, "echo one");
    rig.ask(2, "echo two");

    assertThat(rig.sim().stats().get("llmRequests")).isEqualTo(1);
    assertThat(rig.registry
            .get("provider_breaker_state")
            .tag("provider", "openai")
            .gauge()
            .value())
        .isEqualTo(2);
    assertThat(rig.counter("provider_fallback", "from", "openai", "to", "backup"))
        .as("moves after a failure; an open breaker is passed over")
        .isEqualTo(1);
  }

  @Test
  void aHedgeIsWonByWhoeverWritesFirstAndItsCostIsCounted() throws Exception {
    rig.with("llm.hedge.after", "400ms").start("backup");
    rig.ask(1, "echo warm up");
    // The first of anything is slow: it may have been hedged as well.
    double won = rig.counter("llm_hedges", "outcome", "won");
    long requests = rig.requests();
    rig.sim().faults().add(Fault.of("llm", "hang").times(1));

    CallFact end = rig.ask(2, "echo one two three");

    assertThat(end).isInstanceOf(CallFact.ReplyCompleted.class);
    rig.until("all is given to the voice", () -> rig.spoken.toString().equals("one two three."));
    assertThat(rig.counter("llm_hedges", "outcome", "won")).isEqualTo(won + 1);
    assertThat(rig.counter("openai_stream_error")).as("nothing failed").isZero();
    assertThat(rig.requests()).isEqualTo(requests + 2);
  }

  @Test
  void aHedgeThatComesTooLateIsLeftAndWhatItSaysIsNotHeard() throws Exception {
    rig.with("llm.hedge.after", "20ms").start("backup");
    rig.sim().faults().add(Fault.of("llm", "slowFirst").ms(120));
    rig.sims.get(1).faults().add(Fault.of("llm", "slowFirst").ms(5000));

    rig.ask(1, "echo one two three");

    rig.until("all is given to the voice", () -> rig.spoken.toString().equals("one two three."));
    assertThat(rig.counter("llm_hedges", "outcome", "lost")).isEqualTo(1);
    rig.until("the other is cancelled", () -> rig.sims.get(1).stats().get("llmOpen") == 0);
    assertThat(rig.sims.get(1).stats().get("llmCancelled")).isEqualTo(1);
  }

  @Test
  void withoutAHedgeNobodyIsAskedTwice() throws Exception {
    rig.start("backup");
    rig.sim().faults().add(Fault.of("llm", "slowFirst").ms(300));

    rig.ask(1, "echo one");

    assertThat(rig.requests()).isEqualTo(1);
    assertThat(rig.counter("llm_hedges")).isZero();
  }

  @Test
  void r25_aCancelledTurnIsCancelledAtTheServer() throws Exception {
    rig.sim("simulator.llm.perWord", "50ms").start();
    rig.asked(1, "tell me a story", List.of());
    rig.until("it writes", () -> rig.spoken.length() > 0);

    rig.order(new CallOrder.CancelTurn(new TurnId(1)));

    rig.until("the server sees it", () -> rig.sim().stats().get("llmOpen") == 0);
    assertThat(rig.sim().stats().get("llmCancelled")).isEqualTo(1);
    rig.until("the voice's stream ends", () -> rig.openStreams() == 0);
    assertThat(rig.facts)
        .noneMatch(fact ->
            fact instanceof CallFact.ReplyCompleted || fact instanceof CallFact.ReplyFailed);
  }

  /** Nobody is left who would release its calls; or it is, and only the two do not hear each other. */
  @Test
  void r25_theAnswersForANodeThatIsLostAreCancelledAtTheServerAndItIsTold() throws Exception {
    rig.sim("simulator.llm.perWord", "50ms").start();
    rig.asked(1, "tell me a story", List.of());
    rig.until("it writes", () -> rig.spoken.length() > 0);

    rig.model().nodeLost("another");
    rig.until("it goes on", () -> rig.spoken.toString().split(" ").length > 5);
    rig.model().nodeLost("local");

    rig.until("the server sees it", () -> rig.sim().stats().get("llmOpen") == 0);
    assertThat(rig.sim().stats().get("llmCancelled")).isEqualTo(1);
    rig.until("the voice's stream ends", () -> rig.openStreams() == 0);
    assertThat(rig.facts)
        .filteredOn(CallFact.ReplyFailed.class::isInstance)
        .singleElement()
        .satisfies(fact -> assertThat(((CallFact.ReplyFailed) fact).failure().kind())
            .isEqualTo(Failure.Kind.PEER_LOST));
  }

  @Test
  void aCallForAToolIsNoSilence() throws Exception {
    rig.start();
    ToolSpec tool = new ToolSpec("status", "Looks it up", "{\"type\":\"object\"}");

    CallFact end = LlmRig.await(rig.asked(1, "the status please", List.of(tool)));

    assertThat(((CallFact.ReplyCompleted) end).toolCalls())
        .singleElement()
        .satisfies(call -> assertThat(call.name()).isEqualTo("status"));
  }
}
