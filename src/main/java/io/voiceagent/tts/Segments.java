package io.voiceagent.tts;

import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.List;
import java.util.Locale;

/** Arithmetic on what was spoken. */
final class Segments {
  /** A guess for voices that give no timings. */
  static final int MS_PER_CHARACTER = 65;

  private Segments() {}

  static Segment of(TurnId turn, Segment segment) {
    return new Segment(
        turn, segment.index(), segment.text(), segment.startMs(), segment.endMs(), segment.words());
  }

  /**
   * What of {@code text} still has to be spoken.
   *
   * @param words those of the text whose sound was received whole, in order
   * @param soundMs sound of the text that was received, used when the voice gives no timings
   */
  static String rest(String text, List<Word> words, int soundMs) {
    if (!words.isEmpty()) {
      return afterWords(text, words);
    }
    String[] said = text.split(" ");
    int done = (int) ((long) soundMs * said.length / Math.max(1, text.length() * MS_PER_CHARACTER));
    return String.join(" ", List.of(said).subList(Math.min(done, said.length), said.length));
  }

  /** Finds the words one after the other; one that is written otherwise counts as one word of the text. */
  private static String afterWords(String text, List<Word> words) {
    String lower = text.toLowerCase(Locale.ROOT);
    int at = 0;
    for (Word word : words) {
      String spoken = word.text().strip().toLowerCase(Locale.ROOT);
      int start = letter(text, at);
      int found = spoken.isEmpty() ? -1 : lower.indexOf(spoken, at);
      at = found >= 0 && found <= start ? found + spoken.length() : space(text, start);
    }
    boolean within = at > 0 && at < text.length() && text.charAt(at) != ' ';
    return text.substring(within ? letterOrSpace(text, at) : at).strip();
  }

  private static int letter(String text, int from) {
    int at = from;
    while (at < text.length() && !Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int letterOrSpace(String text, int from) {
    int at = from;
    while (at < text.length()
        && text.charAt(at) != ' '
        && !Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int space(String text, int from) {
    int space = text.indexOf(' ', from);
    return space < 0 ? text.length() : space;
  }
}
