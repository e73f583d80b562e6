package io.voiceagent.tts;

import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.List;

/** Arithmetic on what was spoken. */
final class Segments {
  /** A guess for voices that give no timings. */
  private static final int MS_PER_CHARACTER = 65;

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
    int at = 0;
    for (Word word : words) {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      String spoken = word.text().strip();
      int found = spoken.isEmpty() ? -1 : text.indexOf(spoken, at);
      boolean near = found >= 0 && found - at <= 3;
      int from = near ? found + spoken.length() : at;
      int space = text.indexOf(' ', from);
      boolean within = near && from < text.length() && Character.isLetterOrDigit(text.charAt(from));
      at = near && !within && (space < 0 || punctuation(text, from, space))
          ? space < 0 ? text.length() : space
          : near && !within ? from : space < 0 ? text.length() : space;
    }
    return text.substring(Math.min(at, text.length())).strip();
  }

  private static boolean punctuation(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
