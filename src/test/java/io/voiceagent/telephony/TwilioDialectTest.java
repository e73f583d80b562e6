package io.voiceagent.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioDialectTest {
  private final Dialect dialect = new TwilioDialect();

  @Test
  void readsAStreamsMessages() {
    assertThat(
            dialect.decode("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}"))
        .isEqualTo(new CarrierEvent.Connected());
    assertThat(dialect.decode("""
            {"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","callSid":"CA1",
            "streamSid":"MZ1","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,
            "channels":1},"customParameters":{"token":"t","n":7}}}"""))
        .isEqualTo(
            new CarrierEvent.Started("CA1", "MZ1", java.util.Map.of("token", "t", "n", "7")));
    assertThat(
            dialect.decode("{\"event\":\"mark\",\"streamSid\":\"MZ1\",\"mark\":{\"name\":\"m1\"}}"))
        .isEqualTo(new CarrierEvent.MarkPlayed("m1"));
    assertThat(dialect.decode(
            "{\"event\":\"dtmf\",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"5\"}}"))
        .isEqualTo(new CarrierEvent.Digit('5'));
    assertThat(dialect.decode("{\"event\":\"stop\"}")).isEqualTo(new CarrierEvent.Stopped());
    assertThat(dialect.decode("{\"event\":\"news\"}")).isEqualTo(new CarrierEvent.Other("news"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"media\",\"sequenceNumber\":\"4\",\"media\":{\"track\":\"inbound\",\"chunk\":\"2\",\"timestamp\":\"5\",\"payload\":\"AQID\"},\"streamSid\":\"MZ1\"}",
        "{ \"media\" : { \"payload\" : \"AQID\", \"track\":\"inbound\" }, \"event\" : \"media\" }",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AQID\",\"note\":\"\\\"payload\\\":\\\"xx\\\"\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"\\u0041QID\"}}"
      })
  void readsAudioHoweverTheMessageIsWritten(String message) {
    assertThat(((CarrierEvent.Audio) dialect.decode(message)).mulaw()).containsExactly(1, 2, 3);
  }

  @Test
  void theAgentsOwnTrackIsNoCaller() {
    assertThat(dialect.decode(
            "{\"event\":\"media\",\"media\":{\"track\":\"outbound\",\"payload\":\"AQID\"}}"))
        .isInstanceOf(CarrierEvent.Other.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "[]",
        "null",
        "{}",
        "{\"event\":\"media\"}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"%%%\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":[1]}}",
        "{\"event\":\"media\",\"media\":7}",
        "{\"event\":\"start\"}",
        "{\"event\":\"start\",\"start\":{\"callSid\":\"CA1\"}}",
        "{\"event\":\"start\",\"start\":{\"callSid\":\"CA1\",\"streamSid\":\"MZ\\\"x\"}}",
        "{\"event\":\"mark\"}",
        "{\"event\":\"start\",\"start\":{\"callSid\":\"CA1\",\"streamSid\":\"MZ1\",\"mediaFormat\":{\"encoding\":\"audio/l16\"}}}",
        "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"12\"}}",
        "not json",
        "{\"event\":\"media\""
      })
  void whatIsNotOfTheProtocolIsOneDeclaredError(String message) {
    assertThatThrownBy(() -> dialect.decode(message)).isInstanceOf(WireException.class);
  }

  @Test
  void mutilatedMessagesAreReadOrRefusedAndNothingElse() {
    String good =
        "{\"event\":\"media\",\"sequenceNumber\":\"4\",\"media\":{\"track\":\"inbound\",\"chunk\":\"2\","
            + "\"timestamp\":\"5\",\"payload\":\"/////////w==\"},\"streamSid\":\"MZ1\"}";
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder message = new StringBuilder(good);
      for (int n = random.nextInt(4) + 1; n > 0; n--) {
        int at = random.nextInt(message.length());
        switch (random.nextInt(3)) {
          case 0 -> message.deleteCharAt(at);
          case 1 -> message.setCharAt(at, (char) random.nextInt(128));
          default -> message.insert(at, "\"{}[]:,\\".charAt(random.nextInt(8)));
        }
      }
      try {
        dialect.decode(message.toString());
      } catch (WireException expected) {
        assertThat(expected.getMessage()).doesNotContain("/////");
      }
    }
  }

  @Test
  void writesExactlyTheDocumentedFields() {
    assertThat(dialect.media("MZ1", new byte[] {0, 1, 2, 3, 4}, 1, 3))
        .isEqualTo("{\"event\":\"media\",\"streamSid\":\"MZ1\",\"media\":{\"payload\":\"AQID\"}}");
    assertThat(dialect.mark("MZ1", "m1"))
        .isEqualTo("{\"event\":\"mark\",\"streamSid\":\"MZ1\",\"mark\":{\"name\":\"m1\"}}");
    assertThat(dialect.clear("MZ1")).isEqualTo("{\"event\":\"clear\",\"streamSid\":\"MZ1\"}");
  }

  @Test
  void instructionsEscapeWhatTheyCarry() {
    String xml = TwiMl.connect(
        "wss://h/m?a=1&b=2", "https://h/x", java.util.Map.of("name", "<\"O'Neil\" & co>"));

    assertThat(xml)
        .contains("url=\"wss://h/m?a=1&amp;b=2\"")
        .contains("value=\"&lt;&quot;O&apos;Neil&quot; &amp; co&gt;\"");
  }

  @Test
  void aTokenIsOfOneCallAndOneTime() {
    StreamToken tokens =
        new StreamToken("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String token = tokens.mint("CA1", 1000, "nonce");

    assertThat(tokens.check("CA1", token, 999)).isEqualTo("nonce");
    assertThat(tokens.check("CA2", token, 999)).isNull();
    assertThat(tokens.check("CA1", token, 1001)).isNull();
    assertThat(tokens.check("CA1", token + "x", 999)).isNull();
    assertThat(tokens.check("CA1", "", 999)).isNull();
    assertThat(tokens.check("CA1", "a.b.c", 999)).isNull();
  }
}
