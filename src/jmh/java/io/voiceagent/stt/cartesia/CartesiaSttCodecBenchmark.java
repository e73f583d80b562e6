package io.voiceagent.stt.cartesia;

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

/** The transcriber's messages; audio to it needs no codec, it travels as it is. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CartesiaSttCodecBenchmark {
  private final String interim =
      "{\"type\":\"transcript\",\"is_final\":false,\"request_id\":\"58dfa4d4-91c8-4d5c-8f0c-3a1c7a2f0d11\",\"text\":\"I would like a table for four\",\"duration\":1.84,\"language\":\"en\"}";

  @Benchmark
  public Object decodeTranscript() {
    return CartesiaSttCodec.decode(interim);
  }
}
