package io.voiceagent.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.StageAddress.Stage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A frame from one stage to another on a node: by reference, with its credit. Between neighbours on one loop and between loops. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // set up by the harness
public class LocalBusBenchmark {
  private static final int FRAMES = 10_000;

  @Param({"1", "2"})
  public int loops;

  private final AudioFrame frame = new AudioFrame(new byte[160], 0);
  private final Stop stt = new Stop(Stage.STT);
  private final Stop media = new Stop(Stage.MEDIA);
  private Vertx vertx;
  private BusWriter<AudioFrame> writer;
  private int heard;
  private CompletableFuture<Void> through = new CompletableFuture<>();

  /** A stage with nothing but its mailbox. */
  @SuppressWarnings("NullAway.Init")
  private final class Stop extends VerticleBase {
    private final Stage stage;
    private Mailbox box;
    private Context on;

    Stop(Stage stage) {
      this.stage = stage;
    }

    @Override
    public Future<?> start() {
      box = bus.bind(stage);
      on = context;
      return Future.succeededFuture();
    }
  }

  private Bus bus;

  @Setup
  public void open() throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
    bus = new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE);
    vertx.deployVerticle(stt).await(5, TimeUnit.SECONDS);
    vertx.deployVerticle(media).await(5, TimeUnit.SECONDS);
    stt.box.accept(
        StreamType.CALLER_AUDIO,
        (call, open, reader) -> reader.handler(item -> {
          if (++heard == FRAMES) {
            through.complete(null);
          }
        }));
    Promise<BusWriter<AudioFrame>> opened = Promise.promise();
    CallInfo info = new CallInfo(new CallId("CA1"), "MZ1", CallInfo.Direction.INBOUND, "", "");
    media.on.runOnContext(x -> media
        .box
        .open(
            stt.box.self(),
            StreamType.CALLER_AUDIO,
            info.id(),
            new StreamType.Listen(info, stt.box.self()))
        .onComplete(opened));
    writer = opened.future().await(5, TimeUnit.SECONDS);
  }

  @TearDown(Level.Trial)
  public void close() throws Exception {
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public void frame() throws Exception {
    through = new CompletableFuture<>();
    heard = 0;
    int[] left = {FRAMES};
    media.on.runOnContext(x -> {
      writer.drainHandler(y -> write(left));
      write(left);
    });
    through.get(10, TimeUnit.SECONDS);
  }

  private void write(int[] left) {
    while (left[0] > 0 && !writer.writeQueueFull()) {
      left[0]--;
      writer.write(frame);
    }
  }
}
