package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.CallId;
import io.voiceagent.call.TurnId;
import io.voiceagent.config.Settings;
import io.voiceagent.metrics.TraceContext;
import io.voiceagent.ops.LogOptions.Format;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogEncoderTest {
  private static final String KEY = "k-1234-abcd";
  private final Logger logger = new LoggerContext().getLogger("io.voiceagent.tts.TtsVerticle");

  @AfterEach
  void reset() {
    style(Format.TEXT, false, List.of());
  }

  @Test
  void aLineOfACallCarriesCallTurnAndTrace() {
    style(Format.JSON, false, List.of());

    JsonObject line = new JsonObject(encode(
        "first audio after {} ms",
        null,
        new KeyValuePair("call", new CallId("CA1")),
        new KeyValuePair("turn", new TurnId(3))));

    assertThat(line.getString("call")).isEqualTo("CA1");
    assertThat(line.getString("turn")).isEqualTo("t3");
    assertThat(line.getString("trace"))
        .isEqualTo(TraceContext.ofCall(new CallId("CA1")).traceId());
    assertThat(line.getString("time")).isEqualTo("2026-03-01T12:00:00.250Z");
    assertThat(line.getString("level")).isEqualTo("WARN");
    assertThat(line.getString("message")).isEqualTo("first audio after 90 ms");
  }

  @Test
  void anIdentityAmongTheArgumentsIsAKeyToo() {
    style(Format.JSON, false, List.of());
    LoggingEvent event =
        new LoggingEvent("test", logger, Level.INFO, "call {}: {} was cut", null, new Object[] {
          new CallId("CA5"), new TurnId(2)
        });

    JsonObject line =
        new JsonObject(new String(new LogEncoder().encode(event), StandardCharsets.UTF_8));

    assertThat(line.getString("message")).isEqualTo("call CA5: t2 was cut");
    assertThat(line.getString("call")).isEqualTo("CA5");
    assertThat(line.getString("turn")).isEqualTo("t2");
  }

  @Test
  void textIsOneReadableLine() {
    style(Format.TEXT, false, List.of());

    assertThat(encode("hello {}", null, new KeyValuePair("call", "CA1")))
        .isEqualTo("12:00:00.250Z WARN  TtsVerticle: hello 90 call=CA1\n");
  }

  @Test
  void r52_wordsOfCallersAreLeftOutUnlessTheConfigurationWantsThem() {
    for (Format format : Format.values()) {
      style(format, false, List.of());
      assertThat(encode("heard", null, new KeyValuePair("words", "my pin is four")))
          .doesNotContain("pin");
      style(format, true, List.of());
      assertThat(encode("heard", null, new KeyValuePair("words", "my pin is four")))
          .contains("pin");
    }
  }

  @Test
  void r52_secretsAndNumbersNeverReachALine() {
    for (Format format : Format.values()) {
      style(format, true, List.of(KEY));
      String line = encode(
          "GET /v1?api_key=abc123 Authorization: Bearer abcdef123 with " + KEY
              + " for +15551234567",
          new IllegalStateException("key " + KEY + " sk-proj-abcdefgh refused"),
          new KeyValuePair("peer", "+15557654321"));

      assertThat(line)
          .doesNotContain(KEY, "abc123", "abcdef123", "abcdefgh", "5551234567", "5557654321")
          .contains("+*****67", "+*****21");
    }
  }

  @Test
  void secretsAreTakenFromWhatTheConfigurationCallsSecret() {
    Settings settings = Settings.of(Map.of("ops.token", KEY, "ops.host", "127.0.0.1"));
    OpsOptions.from(settings);

    assertThat(Logs.secretsOf(settings)).containsExactly(KEY);
  }

  @Test
  void aLineBreakInAMessageCannotForgeALineOfJson() {
    style(Format.JSON, false, List.of());

    assertThat(encode("a\n{\"level\":\"ERROR\"}", null)).hasLineCount(1);
  }

  private static void style(Format format, boolean words, Collection<String> secrets) {
    LogEncoder.style(new LogEncoder.Style(format, words, new LogMask(secrets)));
  }

  private String encode(String message, @Nullable Throwable thrown, KeyValuePair... keys) {
    LoggingEvent event =
        new LoggingEvent("test", logger, Level.WARN, message, thrown, new Object[] {90});
    event.setInstant(Instant.parse("2026-03-01T12:00:00.250Z"));
    for (KeyValuePair key : keys) {
      event.addKeyValuePair(key);
    }
    return new String(new LogEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
