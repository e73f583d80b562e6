package io.voiceagent.media;

import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A second of speech from the voice to the carrier: ten pieces, fifty ticks, one mark. Divide by 50 for a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlayoutBenchmark {
  private static final long MS = 1_000_000;

  private final byte[] piece = new byte[800];
  private long sent;

  @Benchmark
  public long aSecondOfSpeech() {
    Playout playout = new Playout(
        Duration.ofMillis(400),
        Duration.ofMillis(100),
        Duration.ofSeconds(2),
        new Counting(),
        new DeafListener());
    TurnId turn = new TurnId(1);
    playout.begin(turn);
    for (int i = 0; i < 10; i++) {
      playout.audio(turn, piece, 0);
    }
    playout.segmentEnd(new Segment(turn, 0, "", 0, 1000, List.of()), 0);
    playout.end(turn, 0);
    for (int at = 0; at < 1000; at += 20) {
      playout.tick(at * MS);
    }
    playout.markPlayed("m0-" + turn + "-0", 1000 * MS);
    return sent;
  }

  private final class Counting implements Playout.Wire {
    @Override
    public void media(byte[] mulaw, int from, int length) {
      sent += length;
    }

    @Override
    public void mark(String name) {}

    @Override
    public void clear() {}
  }
}
