package io.voiceagent.turn;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Digits that are read out one by one, in groups with pauses between: a telephone number, an account. As many as make a
 * whole number of a usual kind are complete; a few in a row that do not are a group of it.
 */
final class SpokenDigits {
  /** Fewer are a table for two, or twenty one. */
  private static final int IN_A_ROW = 3;

  private final Set<String> words;
  private final Set<Integer> whole;
  private final int most;

  /** @param whole how many digits the numbers have that callers say */
  SpokenDigits(List<String> words, List<Integer> whole) {
    this.words = words.stream()
        .flatMap(word -> plain(word).stream())
        .collect(Collectors.toUnmodifiableSet());
    this.whole = Set.copyOf(whole);
    most = whole.stream().mapToInt(count -> count).max().orElse(Integer.MAX_VALUE);
  }

  /** Whether the digits at the end of {@code text} sound as if more will follow. */
  boolean goOn(String text) {
    int digits = atTheEnd(text);
    return digits >= IN_A_ROW && digits < most && !whole.contains(digits);
  }

  private int atTheEnd(String text) {
    List<String> said = plain(text);
    int digits = 0;
    for (int at = said.size() - 1; at >= 0; at--) {
      String word = said.get(at);
      if (words.contains(word)) {
        digits++;
      } else if (!word.isEmpty() && word.chars().allMatch(Character::isDigit)) {
        digits += word.length();
      } else {
        break;
      }
    }
    return digits;
  }

  private static List<String> plain(String text) {
    return Phrases.words(text).stream().map(word -> word.replace("-", "")).toList();
  }
}
