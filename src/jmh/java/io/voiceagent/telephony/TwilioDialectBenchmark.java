package io.voiceagent.telephony;

import java.util.Arrays;
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

/** The carrier's messages: 50 of the first per second and call, 10 of the second while the agent speaks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TwilioDialectBenchmark {
  private static final String SID = "MZ000000000000000000000000000000a1";

  private final TwilioDialect dialect = new TwilioDialect();
  private final byte[] sound = new byte[800];
  private final String media;
  private final String mark = "{\"event\":\"mark\",\"sequenceNumber\":\"311\",\"streamSid\":\""
      + SID + "\",\"mark\":{\"name\":\"m0-t7-3\"}}";

  public TwilioDialectBenchmark() {
    for (int i = 0; i < sound.length; i++) {
      sound[i] = (byte) (i * 37);
    }
    String payload = java.util.Base64.getEncoder().encodeToString(Arrays.copyOf(sound, 160));
    media =
        "{\"event\":\"media\",\"sequenceNumber\":\"4711\",\"media\":{\"track\":\"inbound\",\"chunk\":\"4709\",\"timestamp\":\"94180\",\"payload\":\""
            + payload + "\"},\"streamSid\":\"" + SID + "\"}";
  }

  @Benchmark
  public CarrierEvent decodeMedia() {
    return dialect.decode(media);
  }

  @Benchmark
  public CarrierEvent decodeMark() {
    return dialect.decode(mark);
  }

  @Benchmark
  public String encodeFrame() {
    return dialect.media(SID, sound, 0, 160);
  }

  @Benchmark
  public String encode100Ms() {
    return dialect.media(SID, sound, 0, 800);
  }
}
