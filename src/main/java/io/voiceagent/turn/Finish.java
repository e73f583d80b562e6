package io.voiceagent.turn;

import java.util.List;
import java.util.Set;

/** Whether words sound as if their speaker is through. */
final class Finish {
  enum Sound {
    FINISHED,
    UNFINISHED,
    OPEN
  }

  /** So many digits in a row are being read out: a number, an account, a date. */
  private static final int DIGITS_IN_A_ROW = 3;

  private static final Set<String> DIGIT_WORDS = Set.of(
      "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
      "double", "triple");

  private final Phrases finished;
  private final Phrases unfinished;

  Finish(List<String> finished, List<String> unfinished) {
    this.finished = new Phrases(finished);
    this.unfinished = new Phrases(unfinished);
  }

  Sound of(String text) {
    String said = text.strip();
    if (said.endsWith("...")
        || said.endsWith("\u2026")
        || said.endsWith(",")
        || said.endsWith("-")) {
      return Sound.UNFINISHED;
    }
    if (said.endsWith(".") || said.endsWith("?") || said.endsWith("!")) {
      return Sound.FINISHED;
    }
    if (unfinished.endsWithOne(said) || digitsAtTheEnd(said) >= DIGITS_IN_A_ROW) {
      return Sound.UNFINISHED;
    }
    return finished.endsWithOne(said) ? Sound.FINISHED : Sound.OPEN;
  }

  private static int digitsAtTheEnd(String text) {
    List<String> words = Phrases.words(text);
    int digits = 0;
    for (int at = words.size() - 1; at >= 0; at--) {
      String word = words.get(at).replace("-", "");
      if (DIGIT_WORDS.contains(word)) {
        digits++;
      } else if (!word.isEmpty() && word.chars().allMatch(Character::isDigit)) {
        digits += word.length();
      } else {
        break;
      }
    }
    return digits;
  }
}
