package io.voiceagent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.voiceagent.config.Settings;
import io.voiceagent.config.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
  @TempDir
  Path folder;

  @Test
  void theLaterSourceWins() throws IOException {
    Path first =
        file("a.yaml", "llm:\n  openai:\n    model: one\n    url: http://file\nmedia:\n  port: 1");
    Path second = file("b.yaml", "llm:\n  openai:\n    model: two");

    Settings settings = new SettingsLoader(Map.of("OPENAI_BASE_URL", "http://environment"))
        .load(List.of(first, second), List.of("media.port=3"));

    assertThat(settings.string("llm.openai.model", "")).isEqualTo("two");
    assertThat(settings.string("llm.openai.url", "")).isEqualTo("http://environment");
    assertThat(settings.integer("media.port", 0, 0, 65535)).isEqualTo(3);
    assertThat(settings.sourceOf("llm.openai.url")).isEqualTo("environment OPENAI_BASE_URL");
    assertThat(settings.sourceOf("llm.openai.model")).isEqualTo("b.yaml");
    assertThat(settings.sourceOf("media.port")).isEqualTo("--set");
  }

  @Test
  void oneEnvironmentVariableFillsBothKeysOfAnAccount() {
    Settings settings =
        new SettingsLoader(Map.of("CARTESIA_API_KEY", "k")).load(List.of(), List.of());

    assertThat(settings.secret("stt.cartesia.apiKey")).isEqualTo("k");
    assertThat(settings.secret("tts.cartesia.apiKey")).isEqualTo("k");
  }

  @Test
  void r52_aSecretMayStayInAFile() throws IOException {
    Path secret = file("token", "s3cret\n");

    Settings settings = new SettingsLoader(Map.of())
        .load(List.of(), List.of("telephony.twilio.authToken=${file:" + secret + "}"));

    assertThat(settings.secret("telephony.twilio.authToken")).isEqualTo("s3cret");
    assertThatThrownBy(() -> new SettingsLoader(Map.of())
            .load(List.of(), List.of("ops.token=${file:/no/such/file}"))
            .check())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("ops.token names the file /no/such/file, which cannot be read");
  }

  @Test
  void referencesReadTheEnvironmentOrTheirDefault() throws IOException {
    Path file = file("a.yaml", "agent:\n  greeting: \"Hi from ${CITY:Oslo}, ${NAME}\"");

    Settings settings = new SettingsLoader(Map.of("NAME", "Ada")).load(List.of(file), List.of());

    assertThat(settings.string("agent.greeting", "")).isEqualTo("Hi from Oslo, Ada");
  }

  @Test
  void everyFaultOfEverySourceIsListedAtOnce() throws IOException {
    Path broken = file("broken.yaml", "a: [1");
    Path unset = file("unset.yaml", "agent:\n  greeting: ${NOBODY_SET_THIS}");

    assertThatThrownBy(() -> new SettingsLoader(Map.of())
            .load(List.of(broken, unset, folder.resolve("missing.yaml")), List.of("nonsense"))
            .check())
        .isInstanceOfSatisfying(
            SettingsException.class,
            e -> assertThat(e.faults())
                .filteredOn(f -> !f.contains("is not a known key"))
                .hasSize(4)
                .anyMatch(f -> f.contains("broken.yaml") && f.contains("not valid YAML"))
                .anyMatch(f -> f.contains("NOBODY_SET_THIS")
                    && f.contains("agent.greeting")
                    && f.contains("unset.yaml"))
                .anyMatch(f -> f.contains("missing.yaml") && f.contains("does not exist"))
                .anyMatch(f -> f.contains("nonsense")));
  }

  @Test
  void unknownKeysWrongTypesAndMissingSecretsComeInOneList() throws IOException {
    Path file = file("a.yaml", "media:\n  prot: 8080\n  port: many\nturn:\n  release: 5 minutes");
    Settings settings = new SettingsLoader(Map.of()).load(List.of(file), List.of());
    settings.integer("media.port", 8080, 0, 65535);
    settings.duration("turn.release", Duration.ofMillis(200));
    settings.require(
        "llm.openai.apiKey", settings.secret("llm.openai.apiKey"), "set OPENAI_API_KEY");

    assertThatThrownBy(settings::check)
        .isInstanceOfSatisfying(
            SettingsException.class,
            e -> assertThat(e.faults())
                .containsExactlyInAnyOrder(
                    "media.port must be a whole number, not 'many' (a.yaml)",
                    "turn.release must be a duration such as 250ms, 5s, 10m or 1h, not '5 minutes' (a.yaml)",
                    "llm.openai.apiKey is missing: set OPENAI_API_KEY",
                    "media.prot is not a known key (a.yaml); did you mean media.port?"));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
