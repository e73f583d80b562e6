package io.voiceagent.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every promise, between neighbours on one event loop and between loops. */
class LocalBusTest {
  private static final CallId CALL = new CallId("CA1");
  private static final int WINDOW = StreamType.REPLY_TEXT.window();

  private final List<Vertx> opened = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private Party llm = new Party(Stage.LLM);
  private Party tts = new Party(Stage.TTS);

  @AfterEach
  void close() throws Exception {
    for (Vertx vertx : opened) {
      await(vertx.close());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everyItemArrivesOnceInOrderAndTheEndLast(int loops) throws Exception {
    start(loops);
    List<String> heard = new ArrayList<>();
    Promise<Void> ended = Promise.promise();
    tts.run(() -> {
      tts.box()
          .accept(
              StreamType.REPLY_TEXT,
              (call, request, reader) -> reader
                  .handler(delta -> heard.add(delta.text()))
                  .endHandler(x -> ended.complete()));
      return Future.succeededFuture();
    });

    await(llm.run(() -> llm.openToTts().compose(writer -> writeAll(writer, 0, 1000))));
    await(ended.future());

    assertThat(heard).hasSize(1000).startsWith("0", "1", "2").endsWith("999");
    assertThat(open.get()).isZero();
    assertThat(queued.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aHandlerThatThrowsLosesItsItemsAndNotTheStream(int loops) throws Exception {
    start(loops);
    Promise<Void> ended = Promise.promise();
    tts.run(() -> {
      tts.box()
          .accept(
              StreamType.REPLY_TEXT,
              (call, request, reader) -> reader
                  .handler(delta -> {
                    if (Integer.parseInt(delta.text()) < WINDOW) {
                      throw new IllegalStateException("thrown on purpose");
                    }
                  })
                  .endHandler(x -> ended.complete()));
      return Future.succeededFuture();
    });

    await(llm.run(() -> llm.openToTts().compose(writer -> writeAll(writer, 0, 3 * WINDOW))));
    await(ended.future());

    assertThat(open.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPausedReaderStopsTheWriterAfterOneWindow(int loops) throws Exception {
    start(loops);
    Promise<BusReader<TextDelta>> reading = Promise.promise();
    List<String> heard = new ArrayList<>();
    tts.run(() -> {
      tts.box().accept(StreamType.REPLY_TEXT, (call, request, reader) -> {
        reader.pause();
        reader.handler(delta -> heard.add(delta.text()));
        reading.complete(reader);
      });
      return Future.succeededFuture();
    });

    int written = await(llm.run(() -> llm.openToTts().map(writer -> {
      int count = 0;
      while (!writer.writeQueueFull()) {
        writer.write(new TextDelta("" + count++));
      }
      return count;
    })));
    BusReader<TextDelta> reader = await(reading.future());
    await(tts.run(() -> Future.succeededFuture(reader.fetch(3))));

    assertThat(written).isEqualTo(WINDOW);
    assertThat(heard).hasSizeLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRefusalCarriesItsFailure(int loops) throws Exception {
    start(loops);
    Failure full = new Failure(Failure.Stage.TTS, Kind.OVERLOADED, "full");
    tts.run(() -> {
      tts.box().accept(StreamType.REPLY_TEXT, (call, request, reader) -> {
        throw new FailureException(full);
      });
      return Future.succeededFuture();
    });

    assertThatThrownBy(() -> await(llm.run(llm::openToTts)))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure()).isEqualTo(full));
    assertThat(open.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cancellationReachesTheWriterOnce(int loops) throws Exception {
    start(loops);
    Failure reason = new Failure(Failure.Stage.TTS, Kind.CANCELLED, "interrupted");
    tts.run(() -> {
      tts.box()
          .accept(
              StreamType.REPLY_TEXT,
              (call, request, reader) -> reader.handler(delta -> reader.cancel(reason)));
      return Future.succeededFuture();
    });

    Failure seen = await(llm.run(() -> llm.openToTts().compose(writer -> {
      Promise<Failure> cancelled = Promise.promise();
      writer.cancelHandler(cancelled::complete);
      writer.write(new TextDelta("a"));
      return cancelled.future();
    })));

    assertThat(seen).isEqualTo(reason);
    // The reader tells the writer first, and closes on its own loop.
    await(tts.run(Future::succeededFuture));
    assertThat(open.get()).isZero();
  }

  /** An interruption is no failure: a meter of failures that rises with it would say nothing. */
  @ParameterizedTest
  @CsvSource({"CANCELLED, 0, 0", "SERVER, 1, 3"})
  void whatAFailureLeavesWaitingIsLostAndWhatACancellationLeavesIsNot(
      Kind kind, int failed, int dropped) throws Exception {
    start(1);
    tts.run(() -> {
      tts.box().accept(StreamType.REPLY_TEXT, (call, request, reader) -> reader.pause());
      return Future.succeededFuture();
    });

    await(llm.run(() -> llm.openToTts().compose(writer -> {
      writer.write(new TextDelta("a"));
      writer.write(new TextDelta("b"));
      writer.write(new TextDelta("c"));
      writer.fail(new Failure(Failure.Stage.LLM, kind, "over"));
      return Future.succeededFuture();
    })));
    await(tts.run(Future::succeededFuture));

    assertThat(failures.get()).isEqualTo(failed);
    assertThat(lost.get()).isEqualTo(dropped);
    assertThat(queued.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aStageThatStopsFailsItsReaders(int loops) throws Exception {
    start(loops);
    Promise<Throwable> failed = Promise.promise();
    tts.run(() -> {
      tts.box()
          .accept(
              StreamType.REPLY_TEXT,
              (call, request, reader) ->
                  reader.handler(delta -> {}).exceptionHandler(failed::complete));
      return Future.succeededFuture();
    });
    await(llm.run(llm::openToTts));

    await(llm.run(() -> llm.box().close()));

    assertThat(await(failed.future()))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().kind()).isEqualTo(Kind.PEER_LOST));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void nobodyThereIsAFailure(int loops) throws Exception {
    start(loops);

    assertThatThrownBy(() -> await(llm.run(() ->
            llm.box().ask(new StageAddress("local", Stage.TOOL, 7), "anyone?", String.class))))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().kind()).isEqualTo(Kind.PEER_LOST));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void factsKeepTheirOrder(int loops) throws Exception {
    start(loops);
    List<TurnId> heard = new ArrayList<>();
    Promise<Void> all = Promise.promise();
    await(tts.run(() -> {
      tts.box().on(TurnId.class, (call, turn) -> {
        heard.add(turn);
        if (heard.size() == 100) {
          all.complete();
        }
      });
      return Future.succeededFuture();
    }));

    llm.run(() -> {
      for (int i = 1; i <= 100; i++) {
        llm.box().tell(tts.box().self(), CALL, new TurnId(i));
      }
      return Future.succeededFuture();
    });
    await(all.future());

    assertThat(heard).hasSize(100).isSorted();
  }

  private static Future<Void> writeAll(BusWriter<TextDelta> writer, int from, int to) {
    int next = from;
    while (next < to && !writer.writeQueueFull()) {
      writer.write(new TextDelta("" + next++));
    }
    if (next == to) {
      return writer.end();
    }
    Promise<Void> done = Promise.promise();
    int rest = next;
    writer.drainHandler(x -> writeAll(writer, rest, to).onComplete(done));
    return done.future();
  }

  private void start(int loops) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
    opened.add(vertx);
    Bus bus = new LocalBus(vertx, BusOptions.DEFAULTS, new BusListener() {
      @Override
      public void opened(StreamType<?, ?> type) {
        open.incrementAndGet();
      }

      @Override
      public void closed(StreamType<?, ?> type) {
        open.decrementAndGet();
      }

      @Override
      public void queued(StreamType<?, ?> type, int items) {
        queued.addAndGet(items);
      }

      @Override
      public void failed(StreamType<?, ?> type) {
        failures.incrementAndGet();
      }

      @Override
      public void dropped(StreamType<?, ?> type, int items) {
        lost.addAndGet(items);
      }
    });
    llm = new Party(Stage.LLM).with(bus);
    tts = new Party(Stage.TTS).with(bus);
    await(vertx.deployVerticle(llm));
    await(vertx.deployVerticle(tts));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(5, TimeUnit.SECONDS);
  }

  private final class Party extends VerticleBase {
    private final Stage stage;
    private Bus bus = stage -> {
      throw new IllegalStateException();
    };
    private @Nullable Mailbox box;

    Party(Stage stage) {
      this.stage = stage;
    }

    Party with(Bus bus) {
      this.bus = bus;
      return this;
    }

    @Override
    public Future<?> start() {
      box = bus.bind(stage);
      return Future.succeededFuture();
    }

    Mailbox box() {
      return Objects.requireNonNull(box);
    }

    <T> Future<T> run(Callable<Future<T>> work) {
      Promise<T> done = Promise.promise();
      context.runOnContext(x -> {
        try {
          work.call().onComplete(done);
        } catch (Exception e) {
          done.fail(e);
        }
      });
      return done.future();
    }

    Future<BusWriter<TextDelta>> openToTts() {
      StageAddress to = tts.box().self();
      SpeechRequest request = new SpeechRequest(new TurnId(1), to, to, to, false);
      return box().open(to, StreamType.REPLY_TEXT, CALL, request);
    }
  }
}
