package io.voiceagent.turn;

import java.util.ArrayList;
import java.util.List;

/** A final whose turn was taken already on what was provisional: what it adds to that. */
enum LateFinal {
  /** Nothing. */
  SAME,
  /** A part of it; more finals may follow. */
  PART,
  /** All of it and more. */
  LONGER,
  /** The same speech, understood otherwise. */
  CORRECTION,
  /** Something else. */
  NEW;

  /** @param guess the provisional words, not empty */
  static LateFinal of(String guess, String text) {
    List<String> had = tokens(guess);
    List<String> has = tokens(text);
    int common = 0;
    while (common < had.size() && common < has.size() && had.get(common).equals(has.get(common))) {
      common++;
    }
    if (common == had.size()) {
      return common == has.size() ? SAME : LONGER;
    }
    if (common == has.size()) {
      return PART;
    }
    boolean oneWord = had.size() == 1 && has.size() == 1;
    return oneWord || common * 2 >= had.size() ? CORRECTION : NEW;
  }

  /** The words of {@code text} after as many as {@code first} has, as they are written. */
  static String beyond(String first, String text) {
    int skipped = tokens(first).size();
    List<String> rest = new ArrayList<>();
    for (String token : text.strip().split("\\s+")) {
      if (skipped > 0) {
        skipped -= Phrases.words(token).isEmpty() ? 0 : 1;
      } else {
        rest.add(token);
      }
    }
    return String.join(" ", rest);
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    for (String token : text.strip().split("\\s+")) {
      String word = String.join("", Phrases.words(token));
      if (!word.isEmpty()) {
        tokens.add(word);
      }
    }
    return tokens;
  }
}
