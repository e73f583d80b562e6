package io.voiceagent.audio;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What voice activity costs: one frame of 20 ms from a caller, alone, silent, and while the agent speaks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VadBenchmark {
  private static final int FRAMES = 512;

  private final byte[][] frames = new byte[FRAMES][AudioFrame.FRAME_BYTES];
  private final EchoGuard guard =
      new EchoGuard(new EnergyDetector(EnergyDetector.Options.DEFAULTS), 20);
  private final Vad alone = vad(new EnergyDetector(EnergyDetector.Options.DEFAULTS));
  private final Vad silent = vad(new EnergyDetector(EnergyDetector.Options.DEFAULTS));
  private final byte[] silence = new byte[AudioFrame.FRAME_BYTES];
  private final Vad guarded = vad(guard);
  private long at;
  private int next;

  /** Bursts of a voice's length and level in a faint noise. */
  @Setup
  public void sound() {
    Arrays.fill(silence, MuLaw.encode(0));
    Random random = new Random(1);
    for (int i = 0; i < FRAMES; i++) {
      int amplitude = i / 16 % 3 == 0 ? 60 : 3000;
      for (int n = 0; n < AudioFrame.FRAME_BYTES; n++) {
        frames[i][n] = MuLaw.encode((int) (amplitude * random.nextGaussian()));
      }
    }
  }

  @Benchmark
  public boolean frame() {
    alone.accept(step(), at);
    return alone.speaking();
  }

  /** Digital silence without end behind a voice: what most of a call is. */
  @Benchmark
  public boolean frameOfSilence() {
    at += 20_000_000;
    silent.accept(next == 0 ? frames[next++] : silence, at);
    return silent.speaking();
  }

  @Benchmark
  public boolean frameWhileTheAgentSpeaks() {
    byte[] frame = step();
    guard.sent(frame, 0, frame.length, at);
    guarded.accept(frame, at);
    return guarded.speaking();
  }

  private byte[] step() {
    at += 20_000_000;
    next = (next + 1) % FRAMES;
    return frames[next];
  }

  private static Vad vad(VoiceDetector detector) {
    return new Vad(
        detector,
        Duration.ofMillis(40),
        Duration.ofMillis(200),
        Duration.ofMillis(120),
        new Vad.Listener() {
          @Override
          public void started(long onsetAt) {}

          @Override
          public void sustained(long onsetAt) {}

          @Override
          public void ended(long lastVoicedAt, int voicedMs) {}
        });
  }
}
