package io.voiceagent.tts.cartesia;

import io.voiceagent.config.Settings;
import java.util.Base64;
import java.util.Map;
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

/** The voice's messages: a piece of sound of 100 ms and of 500 ms, and a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CartesiaTtsCodecBenchmark {
  private final String chunk100 = chunk(800);
  private final String chunk500 = chunk(4000);
  private final CartesiaTtsCodec codec =
      new CartesiaTtsCodec(CartesiaTtsOptions.from(new Settings(Map.of()), "tts.cartesia"));

  private static String chunk(int bytes) {
    byte[] sound = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      sound[i] = (byte) (i * 37);
    }
    return "{\"type\":\"chunk\",\"context_id\":\"va-1a2b3c4d-17\",\"status_code\":206,\"done\":false,\"data\":\""
        + Base64.getEncoder().encodeToString(sound) + "\",\"step_time\":12.5}";
  }

  @Benchmark
  public Object decode100Ms() {
    return CartesiaTtsCodec.decode(chunk100);
  }

  @Benchmark
  public Object decode500Ms() {
    return CartesiaTtsCodec.decode(chunk500);
  }

  @Benchmark
  public String encodeRequest() {
    return codec.speak("va-1a2b3c4d-17", "I have a table for four at seven. ", true);
  }
}
