package io.voiceagent.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1000",
        "0.25 | 250",
        "'Tue, 24 Nov 2026 10:00:30 GMT' | 30000",
        "'Tue, 24 Nov 2026 09:00:00 GMT' | 0",
        "99999999 | 3600000",
        "-5 | 0",
        "soon | 0",
        "1.2.3 | 0",
        "'' | 0"
      })
  void secondsAndDatesAreUnderstood(String value, long ms) {
    assertThat(RetryAfter.millis(value, NOW)).isEqualTo(ms);
  }
}
