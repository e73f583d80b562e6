package io.voiceagent.ops;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes out of a finished log line what must never be in it: the values of secret keys, whatever looks like a credential
 * of ours or of a provider, and telephone numbers but for their last two digits. A second line of defence: no code logs
 * them on purpose.
 */
final class LogMask {
  /** A shorter secret would match ordinary words. */
  private static final int MIN_SECRET = 6;

  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\w.])\\+[0-9]{5,13}([0-9]{2})(?![0-9])");
  private static final Pattern CREDENTIAL =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}|\\bsk[-_][A-Za-z0-9_-]{8,}"
          + "|\\b(api[_-]?key|access[_-]?token|token|authtoken|password)=[^&\\s\"]+");

  private final List<String> secrets;

  LogMask(Collection<String> secrets) {
    // The longest first: one may contain another.
    this.secrets = secrets.stream()
        .filter(secret -> secret.length() >= MIN_SECRET)
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  String apply(String line) {
    String masked = line;
    for (String secret : secrets) {
      masked = masked.replace(secret, "***");
    }
    masked = CREDENTIAL.matcher(masked).replaceAll("***");
    return NUMBER.matcher(masked).replaceAll("+*****$1");
  }
}
