package io.voiceagent.tts.cartesia;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Word;
import io.voiceagent.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Cartesia's messages for speech, as documented. */
class CartesiaTtsCodecTest {
  @Test
  void everyDocumentedMessageIsUnderstood() throws IOException {
    List<CartesiaEvent> events =
        fixture("tts.jsonl").stream().map(CartesiaTtsCodec::decode).toList();

    assertThat(((CartesiaEvent.Chunk) events.get(0)).audio())
        .containsExactly(0x7f, 0x7f, 0x7f, 0x7f, 0x7f);
    assertThat(((CartesiaEvent.Timestamps) events.get(1)).words())
        .containsExactly(new Word("Your", 0, 180), new Word("table", 210, 550));
    assertThat(events.get(2)).isInstanceOf(CartesiaEvent.Unknown.class);
    assertThat(((CartesiaEvent.FlushDone) events.get(3)).flushId()).isEqualTo(1);
    assertThat(events.get(4)).isInstanceOf(CartesiaEvent.Done.class);
    assertThat(kind(events.get(5))).isEqualTo(Kind.RATE_LIMIT);
    assertThat(kind(events.get(6))).isEqualTo(Kind.OUT_OF_MONEY);
    assertThat(kind(events.get(7))).isEqualTo(Kind.OUT_OF_MONEY);
    assertThat(kind(events.get(8))).isEqualTo(Kind.SERVER);
    assertThat(events.get(8).context()).as("an error may name no context").isEmpty();
    assertThat(kind(events.get(9))).isEqualTo(Kind.BAD_REQUEST);
    assertThat(((CartesiaEvent.Timestamps) events.get(10)).words())
        .as("timings that cannot be read cost no speech")
        .isEmpty();
    assertThat(kind(events.get(11))).isEqualTo(Kind.PROTOCOL);
    assertThat(events.get(12)).isInstanceOf(CartesiaEvent.Unknown.class);
  }

  @Test
  void theVoiceHasTheShapeOfTheVersion() {
    assertThat(request("2026-03-01").getJsonObject("voice"))
        .isEqualTo(new JsonObject().put("mode", "id").put("id", "v"));
    assertThat(request("2026-08-14").getJsonObject("voice"))
        .isEqualTo(new JsonObject().put("id", "v"));
  }

  @Test
  void everyRequestOfAContextRepeatsAllFieldsUnchanged() {
    CartesiaTtsCodec codec = new CartesiaTtsCodec(options("2026-03-01"));
    JsonObject speak = new JsonObject(codec.speak("c", "Hello ", true));
    JsonObject flush = new JsonObject(codec.flush("c"));
    JsonObject finish = new JsonObject(codec.speak("c", "", false));

    for (String field :
        List.of("model_id", "voice", "output_format", "language", "add_timestamps")) {
      assertThat(flush.getValue(field))
          .as(field)
          .isEqualTo(speak.getValue(field))
          .isNotNull();
      assertThat(finish.getValue(field)).as(field).isEqualTo(speak.getValue(field));
    }
    assertThat(speak.getString("transcript")).isEqualTo("Hello ");
    assertThat(flush.getBoolean("flush")).isTrue();
    assertThat(flush.getBoolean("continue")).isTrue();
    assertThat(finish.getBoolean("continue")).isFalse();
    assertThat(new JsonObject(codec.cancel("c")))
        .isEqualTo(new JsonObject().put("context_id", "c").put("cancel", true));
  }

  private static Kind kind(CartesiaEvent event) {
    return ((CartesiaEvent.Failed) event).failure().kind();
  }

  private static JsonObject request(String version) {
    return new JsonObject(new CartesiaTtsCodec(options(version)).speak("c", "Hello ", true));
  }

  private static CartesiaTtsOptions options(String version) {
    return CartesiaTtsOptions.from(
        Settings.of(Map.of("x.apiKey", "k", "x.voice", "v", "x.version", version)), "x");
  }

  static List<String> fixture(String file) throws IOException {
    try (InputStream in =
        CartesiaTtsCodecTest.class.getResourceAsStream("/wire/cartesia/" + file)) {
      String text =
          new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }
}
