package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.call.Failure;
import io.voiceagent.metrics.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallerAudioTest {
  private final Telemetry telemetry = new Telemetry();
  private final CallerAudio audio =
      new CallerAudio(Duration.ofSeconds(3), telemetry.meters(), null);
  private final Taker taker = new Taker();
  private long frames;

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void r31_whatWasSaidBeforeTheTranscriberWasThereIsHeardFirst() {
    arrive(150);

    audio.writeTo(taker, 0, reason -> {});
    arrive(10);

    assertThat(taker.heard).containsExactlyElementsOf(numbers(0, 160));
    assertThat(telemetry.meters().audioDroppedBytes.count()).isZero();
  }

  @Test
  void r31_aTranscriberThatComesTooLateStillHearsTheLastThreeSeconds() {
    arrive(1000);

    audio.writeTo(taker, 0, reason -> {});

    assertThat(taker.heard).containsExactlyElementsOf(numbers(850, 1000));
    assertThat(telemetry.meters().audioDroppedBytes.count()).isEqualTo(850.0 * 160);
  }

  @Test
  void aSlowTranscriberHearsEverythingInOrderOnceItTakesMore() {
    audio.writeTo(taker, 0, reason -> {});
    arrive(5);
    taker.full = true;
    arrive(100);
    taker.full = false;
    taker.drained();
    arrive(5);

    assertThat(taker.heard).containsExactlyElementsOf(numbers(0, 110));
  }

  @Test
  void whatASlowTranscriberHasNotTakenIsNotGiven() {
    arrive(5);
    assertThat(audio.given()).as("nobody is there").isFalse();
    audio.writeTo(taker, 0, reason -> {});
    assertThat(audio.given()).isTrue();
    taker.full = true;
    arrive(1);
    assertThat(audio.given()).isFalse();
    taker.full = false;
    taker.drained();
    assertThat(audio.given()).isTrue();
  }

  private void arrive(int count) {
    for (int i = 0; i < count; i++) {
      audio.accept(new AudioFrame(new byte[AudioFrame.FRAME_BYTES], frames++));
    }
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  /** Remembers which frames it was given, by their instants. */
  private static final class Taker implements BusWriter<AudioFrame> {
    private final List<Long> heard = new ArrayList<>();
    private @Nullable Handler<Void> drain;
    private boolean full;

    void drained() {
      if (drain != null) {
        drain.handle(null);
      }
    }

    @Override
    public Future<Void> write(AudioFrame frame) {
      heard.add(frame.at());
      return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
      return full;
    }

    @Override
    public Taker drainHandler(@Nullable Handler<Void> handler) {
      drain = handler;
      return this;
    }

    @Override
    public Taker exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }

    @Override
    public Taker setWriteQueueMaxSize(int size) {
      return this;
    }

    @Override
    public Taker cancelHandler(Handler<Failure> handler) {
      return this;
    }

    @Override
    public void fail(Failure failure) {}

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }
  }
}
