package io.voiceagent.llm.openai;

import io.voiceagent.llm.SseDecoder;
import java.nio.charset.StandardCharsets;
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

/** A word from the model: bytes to event to text, by the dialect that every compatible server speaks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenBenchmark {
  private final byte[] token =
      "data: {\"id\":\"chatcmpl-9\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" table\"},\"finish_reason\":null}]}\n\n"
          .getBytes(StandardCharsets.UTF_8);
  private final ReplyDecoder reply = new ChatCodec();
  private int decoded;
  private final SseDecoder events =
      new SseDecoder(data -> decoded += reply.event(data).size());

  @Benchmark
  public int decodeToken() {
    events.feed(token);
    return decoded;
  }
}
