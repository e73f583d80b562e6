package io.voiceagent.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CarrierSimulatorTest {
  private final Vertx vertx = Vertx.vertx();
  private final EchoAgent agent = new EchoAgent(vertx);
  private String url = "";

  @BeforeEach
  void start() throws Exception {
    url = await(agent.listen());
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  @Test
  void everyWordIsHeardOnceAndInOrder() throws Exception {
    CallResult call = place(Scenario.of("hi").withThink(0));

    assertThat(call.problem()).isEmpty();
    assertThat(call.greeting()).isEqualTo("hello");
    CallResult.Turn turn = call.turns().get(0);
    assertThat(turn.heard()).isEqualTo("you said hi is there anything else i can do for you");
    assertThat(turn.firstAudioMs()).isBetween(250.0, 900.0);
    assertThat(turn.defects()).isZero();
    assertThat(call.gaps() + call.garbled()).isZero();
    assertThat(call.warnings()).isEmpty();
    assertThat(agent.received.get(1)).contains("\"customParameters\":{\"token\":\"a&b\"}");
    assertThat(agent.stopped.get(5, TimeUnit.SECONDS)).contains("\"event\":\"stop\"");
    assertThat(agent.received).anyMatch(message -> message.contains("\"name\":\"m102\""));
  }

  @Test
  void wordsThatAreLostDoubledOrAnothersAreNoticed() throws Exception {
    agent.greeting = "";
    agent.spoil = pieces -> {
      List<byte[]> spoiled = new ArrayList<>(pieces);
      spoiled.remove(4);
      spoiled.add(2, spoiled.get(1));
      spoiled.set(0, Modem.speak("stranger", 9, 0).mulaw());
      return spoiled;
    };

    CallResult.Turn turn = place(quick("hi")).turns().get(0);

    assertThat(turn.doubled()).isEqualTo(1);
    assertThat(turn.foreign()).isEqualTo(1);
    assertThat(turn.lost()).isEqualTo(2);
  }

  @Test
  void wordsOfAnotherAnswerToTheSameCallerAreLateAndNotAnothers() throws Exception {
    agent.greeting = "";
    agent.spoil = pieces -> {
      List<byte[]> spoiled = new ArrayList<>(pieces);
      spoiled.add(0, Modem.speak("later", 9, 0).mulaw());
      return spoiled;
    };

    CallResult.Turn turn = place(quick("hi", "see you later")).turns().get(0);

    assertThat(turn.late()).isEqualTo(1);
    assertThat(turn.foreign() + turn.lost() + turn.doubled()).isZero();
  }

  @Test
  void interruptingSpeechDropsWhatWasToCome() throws Exception {
    agent.greeting = "";
    CallResult call = place(quick("tell me a story", "stop").withBargeIn(true));

    assertThat(call.turns()).hasSize(2);
    CallResult.Turn story = call.turns().get(0);
    assertThat(story.interrupted()).isTrue();
    assertThat(story.heard()).startsWith("once upon").doesNotContain("thank you");
    CallResult.Turn stop = call.turns().get(1);
    assertThat(stop.reactionMs()).isBetween(0.0, 500.0);
    assertThat(stop.heard()).startsWith("you said stop");
    assertThat(call.defects() + call.garbled() + call.gaps()).isZero();
    assertThat(agent.received).as("the dropped sound's mark").anyMatch(m -> m.contains("m101"));
  }

  @Test
  void anAnswerThatRunsDryBetweenTwoMarksHasAGap() {
    CallerEar ear = new CallerEar(mark -> {}, word -> {}, false);
    ear.media(Modem.speak("one", 1, 0).mulaw(), false);
    ear.mark("end of a segment");
    ticks(ear, 30);
    ear.media(Modem.speak("two", 1, 1).mulaw(), true);
    ticks(ear, 30);

    assertThat(ear.gaps()).isEqualTo(1);
    assertThat(ear.longestGapMs()).isBetween(400L, 520L);
    assertThat(ear.heard()).hasSize(2);
  }

  @Test
  void silenceBetweenTwoAnswersIsNoGap() {
    CallerEar ear = new CallerEar(mark -> {}, word -> {}, false);
    ear.media(Modem.speak("one", 1, 0).mulaw(), false);
    ear.mark("end of the answer");
    ticks(ear, 30);
    ear.media(Modem.speak("two", 2, 0).mulaw(), false);

    assertThat(ear.gaps()).isZero();
  }

  @Test
  void messagesThatTheCarrierWouldWarnAboutAreReported() throws Exception {
    agent.extraMessage =
        "{\"event\":\"media\",\"streamSid\":\"STREAM\",\"media\":{\"payload\":\"/w==\",\"track\":\"x\"}}";

    CallResult call = place(quick("hi"));

    assertThat(call.warnings()).singleElement().asString().startsWith("31951");
  }

  @Test
  void aStreamThatTheServiceEndsGoesOnWithTheDocument() throws Exception {
    agent.closeAfterFrames = 10;
    agent.afterStream = "<Redirect>/bye</Redirect>";

    CallResult call = place(quick("hi"));

    assertThat(call.reconnects()).isPositive();
    assertThat(call.problem()).isNotEmpty();
    assertThat(agent.requests).startsWith("/twilio/voice", "/after", "/bye");
  }

  @Test
  void aFrameThatIsLateIsCounted() throws Exception {
    CompletableFuture<CarrierSimulator> made = new CompletableFuture<>();
    vertx.runOnContext(x -> {
      CarrierSimulator carrier = new CarrierSimulator(vertx, url, "");
      carrier.call("+1", "+2", quick("hi"));
      vertx.setTimer(300, id -> {
        long until = System.nanoTime() + 60_000_000;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        vertx.setTimer(50, later -> made.complete(carrier));
      });
    });

    assertThat(made.get(5, TimeUnit.SECONDS).takeLateness().getMaxValue()).isGreaterThan(30_000);
  }

  private static Scenario quick(String... lines) {
    Scenario plain = Scenario.of(lines);
    return new Scenario(plain.lines(), false, 4, 0, 300, 3000, 0, "", false, 0, 0);
  }

  private static void ticks(CallerEar ear, int count) {
    for (int i = 0; i < count; i++) {
      ear.tick();
    }
  }

  private CallResult place(Scenario scenario) throws Exception {
    CompletableFuture<CallResult> done = new CompletableFuture<>();
    vertx.runOnContext(x -> new CarrierSimulator(vertx, url, EchoAgent.TOKEN)
        .call("+15550100001", "+15550100002", scenario)
        .onSuccess(done::complete));
    return done.get(15, TimeUnit.SECONDS);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
  }
}
