package io.voiceagent.stt.cartesia;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure.Kind;
import io.voiceagent.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Cartesia's messages for transcription, as documented, of both endpoints. */
class CartesiaSttCodecTest {
  @Test
  void everyDocumentedMessageIsUnderstood() throws IOException {
    List<CartesiaSttEvent> events =
        fixture().stream().map(CartesiaSttCodec::decode).toList();

    assertThat(events.subList(0, 5))
        .containsExactly(
            new CartesiaSttEvent.Transcript(false, "book a"),
            new CartesiaSttEvent.Transcript(true, "book a table"),
            new CartesiaSttEvent.Transcript(true, " for two"),
            new CartesiaSttEvent.FlushDone(),
            new CartesiaSttEvent.Ignored());
    assertThat(kind(events.get(5))).isEqualTo(Kind.BAD_REQUEST);
    assertThat(kind(events.get(6))).as("older versions say code").isEqualTo(Kind.OVERLOADED);
    assertThat(events.subList(7, 14))
        .containsExactly(
            new CartesiaSttEvent.Ignored(),
            new CartesiaSttEvent.TurnStart(),
            new CartesiaSttEvent.TurnUpdate("book a"),
            new CartesiaSttEvent.TurnEagerEnd("book a table"),
            new CartesiaSttEvent.TurnResume(),
            new CartesiaSttEvent.TurnEnd("book a table for two"),
            new CartesiaSttEvent.TurnEnd(""));
  }

  @Test
  void theAddressSaysWhatEachEndpointWants() {
    String manual = CartesiaSttCodec.uri(options(Map.of()));
    String turns = CartesiaSttCodec.uri(
        options(Map.of("x.endpoint", "turns", "x.model", "ink-2", "x.turnEndTimeoutMs", "3000")));

    assertThat(manual)
        .startsWith("wss://api.cartesia.ai/stt/websocket?")
        .contains("model=ink-whisper", "encoding=pcm_mulaw", "sample_rate=8000", "language=en")
        .doesNotContain("k3y");
    assertThat(turns)
        .startsWith("wss://api.cartesia.ai/stt/turns/websocket?")
        .contains("model=ink-2", "turn_end_timeout_ms=3000", "cartesia_version=")
        .doesNotContain("language");
    assertThat(CartesiaSttCodec.close(false)).isEqualTo("close");
    assertThat(CartesiaSttCodec.close(true)).isEqualTo("{\"type\":\"close\"}");
  }

  private static Kind kind(CartesiaSttEvent event) {
    return ((CartesiaSttEvent.Failed) event).failure().kind();
  }

  private static CartesiaSttOptions options(Map<String, String> more) {
    Map<String, String> values = new java.util.HashMap<>(more);
    values.put("x.apiKey", "k3y");
    return CartesiaSttOptions.from(Settings.of(values), "x");
  }

  private static List<String> fixture() throws IOException {
    try (InputStream in =
        CartesiaSttCodecTest.class.getResourceAsStream("/wire/cartesia/stt.jsonl")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }
}
