package io.voiceagent.cli.alerts;

import java.time.Duration;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A copy of alert rules in which every window and every {@code for} is shorter by one factor, and nothing else differs.
 * Thresholds are rates per real minute and stay.
 */
final class CompressedRules {
  private static final Pattern DURATION =
      Pattern.compile("(\\[|\\bfor: *|\\boffset +)([0-9]+)(ms|s|m|h)\\b");
  private static final Map<String, Duration> UNITS = Map.of(
      "ms", Duration.ofMillis(1),
      "s", Duration.ofSeconds(1),
      "m", Duration.ofMinutes(1),
      "h", Duration.ofHours(1));

  private CompressedRules() {}

  static String of(String rules, double factor) {
    return DURATION.matcher(rules).replaceAll(match -> shorter(match, factor));
  }

  private static String shorter(MatchResult match, double factor) {
    Duration unit = UNITS.getOrDefault(match.group(3), Duration.ZERO);
    double ms = Long.parseLong(match.group(2)) * (double) unit.toMillis() / factor;
    return match.group(1) + Math.max(1, Math.round(ms)) + "ms";
  }
}
