package io.voiceagent.resilience;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Retry-After}: seconds, possibly with a fraction, or a date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.retry-after">RFC 9110, 10.2.3</a>
 */
public final class RetryAfter {
  private static final long MOST_MS = Duration.ofHours(1).toMillis();

  private RetryAfter() {}

  /** Milliseconds from now, an hour at most; 0 when there is no such wish or it cannot be read. */
  public static long millis(@Nullable String value) {
    return millis(value, Instant.now());
  }

  static long millis(@Nullable String value, Instant now) {
    if (value == null) {
      return 0;
    }
    String text = value.strip();
    try {
      double ms = text.matches("[0-9.]{1,12}")
          ? Double.parseDouble(text) * 1000
          : Duration.between(
                  now,
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant())
              .toMillis();
      return Math.max(0, Math.min(MOST_MS, Math.round(ms)));
    } catch (NumberFormatException | DateTimeException e) {
      return 0;
    }
  }
}
