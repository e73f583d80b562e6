package io.voiceagent.stt;

import java.util.List;
import java.util.Locale;

/**
 * Words that a replay says a second time. A new socket is given audio that finals of the old one may have covered; what
 * it hears of it is the end of those finals, in one piece or in several. Pure.
 */
final class Overlap {
  static final Overlap NONE = new Overlap("", 0);

  private List<String> expected;
  private boolean aligned;

  /**
   * @param finals what was told already
   * @param most so many words of it, from its end, may be in the audio that is given again
   */
  Overlap(String finals, int most) {
    List<String> words = words(finals);
    expected = words.subList(Math.max(0, words.size() - most), words.size());
  }

  /** The text of a final of the new socket, without what was told already. To be called for each in order. */
  String strip(String text) {
    List<String> fresh = words(text);
    if (fresh.isEmpty() || expected.isEmpty()) {
      return text;
    }
    int last = aligned ? 0 : expected.size() - 1;
    for (int from = 0; from <= last; from++) {
      int both = Math.min(fresh.size(), expected.size() - from);
      if (expected.subList(from, from + both).equals(fresh.subList(0, both))) {
        expected = expected.subList(from + both, expected.size());
        aligned = true;
        return behind(text, both);
      }
    }
    expected = List.of();
    return text;
  }

  /** As {@link #strip}, for a text that another will replace. */
  String preview(String text) {
    List<String> before = expected;
    boolean was = aligned;
    String fresh = strip(text);
    expected = before;
    aligned = was;
    return fresh;
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
        : List.of(
            text.strip().toLowerCase(Locale.ROOT).replaceAll("[.,;:!?]", "").split("\\s+"));
  }
}
