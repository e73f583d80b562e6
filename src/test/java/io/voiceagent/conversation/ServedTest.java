package io.voiceagent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Failure;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TurnId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServedTest {
  private static final CallId CALL = new CallId("CA1");
  private static final Failure LOST =
      new Failure(Failure.Stage.BUS, Failure.Kind.PEER_LOST, "no answer");

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<CallOrder.ListenWith> listens = new LinkedBlockingQueue<>();
  private final BlockingQueue<Failure.Stage> lost = new LinkedBlockingQueue<>();
  /** Draws nodes in this order, the last one again and again. */
  private final Queue<String> draws = new ArrayDeque<>();

  private final Rig rig = new Rig();

  @SuppressWarnings("NullAway.Init")
  private final class Rig extends VerticleBase {
    Stages stages;
    Served served;

    Context where() {
      return context;
    }

    @Override
    public Future<?> start() {
      LocalBus bus = new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE);
      Mailbox media = bus.bind(Stage.MEDIA);
      media.on(CallOrder.ListenWith.class, (call, order) -> listens.add(order));
      Mailbox self = bus.bind(Stage.CONVERSATION);
      stages = new Stages(
          (stage, from) -> at(draws.size() > 1 ? draws.remove() : draws.element(), stage),
          self.self());
      served = new Served(
          vertx,
          self,
          CALL,
          media.self(),
          stages,
          () -> 7,
          (stage, finalsBefore) -> lost.add(stage));
      return Future.succeededFuture();
    }
  }

  @BeforeEach
  void start() {
    vertx.deployVerticle(rig).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aVoiceThatDoesNotAnswerTakesTheWholeNodeWithIt() throws Exception {
    begin("one", "one", "one", "two");

    assertThat(fact(speechFailed("one"))).isFalse();

    assertThat(lost.take()).isEqualTo(Failure.Stage.LLM);
    assertThat(listens.take()).satisfies(order -> {
      assertThat(order.stt()).isEqualTo(at("two", Stage.STT));
      assertThat(order.replayAt()).isEqualTo(7);
    });
    assertThat(lost.take()).isEqualTo(Failure.Stage.STT);
    assertThat(on(() -> rig.stages.get(Stage.TTS))).isEqualTo(at("two", Stage.TTS));
  }

  @Test
  void aLateWordAboutAVoiceThatWasLeftChangesNothing() throws Exception {
    begin("stt", "llm", "one", "two");
    fact(speechFailed("one"));
    on(() -> rig.stages.get(Stage.TTS));

    fact(speechFailed("one"));
    fact(new CallFact.SpeechFailed(1, new TurnId(1), "", LOST));

    assertThat(on(() -> rig.stages.get(Stage.TTS))).isEqualTo(at("two", Stage.TTS));
    assertThat(lost).isEmpty();
  }

  @Test
  void aModelWithoutASignOfLifeIsLeft() throws Exception {
    begin("stt", "one", "tts", "two");
    on(() -> rig.served.model());
    fact(new CallFact.FirstToken(1, new TurnId(1), 0));
    overdue();
    assertThat(on(() -> rig.served.model())).as("it spoke").isEqualTo(at("one", Stage.LLM));

    overdue();
    assertThat(on(() -> rig.served.model())).as("it did not").isEqualTo(at("two", Stage.LLM));
  }

  @Test
  void aTranscriberIsLookedForEverMoreSlowlyUntilOneHears() throws Exception {
    begin("one", "one", "one", "two");
    long start = System.nanoTime();
    assertThat(fact(transcriptionFailed("one"))).isTrue();
    assertThat(fact(transcriptionFailed("one"))).as("told twice").isTrue();
    assertThat(listens.take().stt().node()).isEqualTo("two");
    fact(transcriptionFailed("two"));
    listens.take();
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(290));
    assertThat(listens).isEmpty();
  }

  @Test
  void noTranscriberAnywhereEnds() throws Exception {
    begin("one");
    on(() -> {
      for (int i = 0; i < 20; i++) {
        assertThat(rig.served.handled(transcriptionFailed("one"))).isTrue();

        rig.served.start();
      }
      assertThat(rig.served.handled(transcriptionFailed("one"))).isFalse();
      rig.served.start();
      rig.served.handled(new CallFact.InterimTranscript(1, "a word", 0));
      assertThat(rig.served.handled(transcriptionFailed("one"))).isTrue();
      rig.served.close();
      return null;
    });
  }

  /** Transcriber, model and voice are the first three. */
  private void begin(String... nodes) throws Exception {
    draws.addAll(Arrays.asList(nodes));
    on(() -> {
      rig.served.start();
      rig.stages.get(Stage.LLM);
      return rig.stages.get(Stage.TTS);
    });
    assertThat(listens.take().stt()).isEqualTo(at(nodes[0], Stage.STT));
  }

  private boolean fact(CallFact fact) throws Exception {
    return on(() -> rig.served.handled(fact));
  }

  private void overdue() throws Exception {
    on(() -> {
      rig.served.answerOverdue();
      return null;
    });
  }

  private <T> T on(Callable<T> what) throws Exception {
    return Future.<T>future(promise -> rig.where().runOnContext(x -> {
          try {
            promise.complete(what.call());
          } catch (Throwable e) {
            promise.fail(e);
          }
        }))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static CallFact speechFailed(String node) {
    return new CallFact.SpeechFailed(
        1, new TurnId(1), "", LOST, at(node, Stage.TTS).busAddress());
  }

  private static CallFact transcriptionFailed(String node) {
    return new CallFact.TranscriptionFailed(1, LOST, at(node, Stage.STT).busAddress());
  }

  private static StageAddress at(String node, Stage stage) {
    return new StageAddress(node, stage, 0);
  }
}
