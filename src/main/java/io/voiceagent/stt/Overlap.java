package io.voiceagent.stt;

import java.util.List;
import java.util.Locale;

/**
 * Words that a replay said twice. A new socket is given a little audio that the last final of the old one may have
 * covered; what it hears of it is the end of that final. Pure.
 */
final class Overlap {
  /** No border of half a second holds more. */
  private static final int MAX_WORDS = 4;

  private Overlap() {}

  /** {@code text} without the words at its start that end {@code before}. */
  static String strip(String before, String text) {
    List<String> old = words(before);
    List<String> fresh = words(text);
    for (int n = Math.min(MAX_WORDS, Math.min(old.size(), fresh.size())); n > 0; n--) {
      if (old.subList(old.size() - n, old.size()).equals(fresh.subList(0, n))) {
        return behind(text, n);
      }
    }
    return text;
  }

  private static String behind(String text, int words) {
    int at = 0;
    for (int n = 0; n < words; n++) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return text.substring(at);
  }

  private static List<String> words(String text) {
    return text.isBlank()
        ? List.of()
        : List.of(text.strip().toLowerCase(Locale.ROOT).replaceAll("[.,;:!?]", "").split("\\s+"));
  }
}
