package io.voiceagent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private enum Colour {
    RED,
    LIGHT_BLUE
  }

  @Test
  void anEmptyTextIsAValueWhereEmptyMeansSomething() {
    Settings settings = Settings.of(Map.of("agent.greeting", "", "llm.openai.model", ""));

    assertThat(settings.text("agent.greeting", "Hello")).isEmpty();
    assertThat(settings.string("llm.openai.model", "m")).isEqualTo("m");
    assertThat(settings.text("agent.farewell", "Bye")).isEqualTo("Bye");
  }

  @Test
  void readsEveryType() {
    Settings settings = Settings.of(Map.of(
        "d",
        "250ms",
        "n",
        "7",
        "f",
        "0.5",
        "b",
        "true",
        "e",
        "light-blue",
        "l",
        "a, b,,c",
        "s",
        "text"));

    assertThat(settings.duration("d", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.integer("n", 0, 0, 10)).isEqualTo(7);
    assertThat(settings.decimal("f", 0, 0, 1)).isEqualTo(0.5);
    assertThat(settings.flag("b", false)).isTrue();
    assertThat(settings.oneOf("e", Colour.RED)).isEqualTo(Colour.LIGHT_BLUE);
    assertThat(settings.list("l", List.of())).containsExactly("a", "b", "c");
    assertThat(settings.string("s", "")).isEqualTo("text");
    settings.check();
  }

  @Test
  void anEmptyValueIsTheDefault() {
    Settings settings = Settings.of(Map.of("n", ""));

    assertThat(settings.integer("n", 3, 0, 10)).isEqualTo(3);
  }

  @Test
  void valuesOutOfRangeAreFaultsThatNameTheRange() {
    Settings settings = Settings.of(Map.of("n", "11", "f", "NaN", "e", "green"));
    settings.integer("n", 0, 0, 10);
    settings.decimal("f", 0, 0, 1);
    settings.oneOf("e", Colour.RED);

    assertThatThrownBy(settings::check)
        .hasMessageContaining("n must be between 0 and 10, not 11")
        .hasMessageContaining("f must be between 0.0 and 1.0, not NaN")
        .hasMessageContaining("e must be one of red, light_blue, not 'green'");
  }

  @Test
  void durationsPrintInTheirLargestUnit() {
    assertThat(List.of(
            Settings.print(Duration.ZERO),
            Settings.print(Duration.ofMillis(250)),
            Settings.print(Duration.ofSeconds(90)),
            Settings.print(Duration.ofMinutes(10)),
            Settings.print(Duration.ofHours(1))))
        .containsExactly("0", "250ms", "90s", "10m", "1h");
  }

  @Test
  void secretsAreKnownAsSuch() {
    Settings settings = Settings.of(Map.of("k", "sesame"));
    settings.secret("k");

    assertThat(settings.known()).containsExactly(new Settings.Known("k", "", true));
  }
}
