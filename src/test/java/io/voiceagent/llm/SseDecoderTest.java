package io.voiceagent.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseDecoderTest {
  private static final String STREAM =
      "\uFEFF: comment\r\n\r\nevent: x\ndata: {\"t\":\"Grüße 👋 こんにちは\"}\nid: 7\n\n"
          + "data:first\rdata: second\r\rdata\n\nretry: 5\n\ndata: [DONE]\r\n\r\n";
  private static final List<String> EVENTS =
      List.of("{\"t\":\"Grüße 👋 こんにちは\"}", "first\nsecond", "[DONE]");

  @Test
  void eventsAreWholeHoweverTheBytesAreCut() {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<String> events = new ArrayList<>();
      SseDecoder decoder = new SseDecoder(events::add);
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(7));
        decoder.feed(Arrays.copyOfRange(bytes, from, to));
        from = to;
      }
      decoder.end();
      assertThat(events).as("seed %d", seed).isEqualTo(EVENTS);
    }
  }

  @Test
  void anEventWithoutItsBlankLineCountsAtTheEnd() {
    List<String> events = new ArrayList<>();
    SseDecoder decoder = new SseDecoder(events::add);
    decoder.feed("data: last".getBytes(StandardCharsets.UTF_8));
    assertThat(events).isEmpty();
    decoder.end();
    assertThat(events).containsExactly("last");
  }

  @Test
  void aLineWithoutEndDoesNotFillTheMemory() {
    SseDecoder decoder = new SseDecoder(event -> {});
    byte[] chunk = new byte[64 * 1024];
    Arrays.fill(chunk, (byte) 'a');
    assertThatThrownBy(() -> {
          for (int i = 0; i < 20; i++) {
            decoder.feed(chunk);
          }
        })
        .isInstanceOf(IllegalStateException.class);
  }
}
