package io.voiceagent.cli.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CompressedRulesTest {
  @Test
  void windowsAndWaitsShrinkAndThresholdsStay() {
    assertThat(CompressedRules.of("expr: sum(rate(x_total[5m])) * 60 > 5\nfor: 2m\n", 60))
        .isEqualTo("expr: sum(rate(x_total[5000ms])) * 60 > 5\nfor: 2000ms\n");
  }

  @Test
  void offsetsShrinkToo() {
    assertThat(CompressedRules.of("rate(x[1h] offset 90s)", 10))
        .isEqualTo("rate(x[360000ms] offset 9000ms)");
  }

  @Test
  void theShippedRulesDifferInDurationsOnly() throws IOException {
    String shipped = Files.readString(Path.of("monitoring/prometheus/alerts.yml"));

    String compressed = CompressedRules.of(shipped, 60);

    String durations = "(\\[|for: )[0-9]+(ms|s|m|h)";
    assertThat(compressed.replaceAll(durations, "$1#"))
        .isEqualTo(shipped.replaceAll(durations, "$1#"));
    assertThat(compressed).doesNotContain("[5m]", "for: 2m", "for: 5m");
  }
}
