package io.voiceagent.turn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Words without case, punctuation and surplus blanks, for comparing what was said with configured lists. */
final class Phrases {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}'-]+");

  private final Set<String> phrases = new HashSet<>();
  private int longest;

  Phrases(List<String> configured) {
    for (String phrase : configured) {
      List<String> words = words(phrase);
      phrases.add(String.join(" ", words));
      longest = Math.max(longest, words.size());
    }
  }

  /** Whether {@code text} holds nothing but these phrases. An empty text does. */
  boolean only(String text) {
    return wordsBeyond(text) == 0;
  }

  /** Number of words that belong to none of these phrases. */
  int wordsBeyond(String text) {
    List<String> words = words(text);
    int beyond = 0;
    int next = 0;
    while (next < words.size()) {
      int matched = 0;
      for (int length = Math.min(longest, words.size() - next); length > 0; length--) {
        if (phrases.contains(String.join(" ", words.subList(next, next + length)))) {
          matched = length;
          break;
        }
      }
      beyond += matched == 0 ? 1 : 0;
      next += Math.max(1, matched);
    }
    return beyond;
  }

  /** Whether the last words are one of these. */
  boolean endsWithOne(String text) {
    List<String> words = words(text);
    for (int length = 1; length <= Math.min(longest, words.size()); length++) {
      if (phrases.contains(String.join(" ", words.subList(words.size() - length, words.size())))) {
        return true;
      }
    }
    return false;
  }

  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT))) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
