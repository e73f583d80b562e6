package io.voiceagent.tts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts a growing text into pieces for a voice: the first clause as soon as it is one, whole sentences after it, longer
 * ones the further the answer runs. It never cuts inside a number, an abbreviation, a link, a tag or a list of digits,
 * and waits for the next character where only that decides. Pieces are {@link SpeakableText}, to be joined by a space.
 * Pure; one per utterance.
 */
public final class Segmenter {
  private static final Set<String> ABBREVIATIONS = Set.of(
      "dr", "mr", "mrs", "ms", "prof", "st", "sr", "jr", "vs", "etc", "no", "nr", "approx", "dept",
      "est", "inc", "ltd", "co", "corp", "mt", "ave", "blvd", "rd", "apt", "ext", "tel", "fig",
      "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon",
      "tue", "wed", "thu", "fri", "sat", "sun", "bzw", "ca", "str", "z.b", "d.h", "u.a", "e.g",
      "i.e", "a.m", "p.m", "u.s", "u.k", "sra", "srta", "mme", "gen", "gov", "sen", "rep", "rev",
      "hon", "capt", "sgt", "lt", "col");

  private static final String CLOSERS = "\"')]}*_\u201d\u2019\u00bb";
  private static final String WIDE_SENTENCE = "\u3002\uff01\uff1f";
  private static final String WIDE_CLAUSE = "\uff0c\u3001\uff1b\uff1a";
  /** An opened bracket or tag that is not closed within this was none. */
  private static final int MAX_MARKUP = 300;

  private static final int MAX_CODE = 4000;

  private enum Border {
    NONE,
    CLAUSE,
    SENTENCE,
    /** The next character decides. */
    UNKNOWN
  }

  private final SegmentOptions options;
  private final StringBuilder raw = new StringBuilder();
  private int cut;

  public Segmenter(SegmentOptions options) {
    this.options = options;
  }

  /** More text; returns the pieces that it completes, often none. */
  public List<String> add(String delta) {
    raw.append(delta);
    List<String> pieces = new ArrayList<>(1);
    int end;
    while ((end = nextCut()) > 0) {
      take(end, pieces);
    }
    return pieces;
  }

  /** No more will come: the rest, whatever it looks like. */
  public List<String> finish() {
    List<String> pieces = new ArrayList<>(1);
    while (raw.length() > options.longest() * 2) {
      int end = nextCut();
      take(end > 0 ? end : Math.max(1, lastSpace(options.longest())), pieces);
    }
    take(raw.length(), pieces);
    return pieces;
  }

  /** The voice has nothing left to say: take the next clause as if it were the first. */
  public void hungry() {
    cut = 0;
  }

  private void take(int end, List<String> pieces) {
    String piece = SpeakableText.of(raw.substring(0, end));
    raw.delete(0, end);
    if (SpeakableText.voiced(piece)) {
      pieces.add(piece);
      cut++;
    }
  }

  /** Where the next piece ends, exclusive; 0 when the text does not hold one yet. */
  private int nextCut() {
    int lastBreak = 0;
    int i = 0;
    while (i < raw.length()) {
      int after = afterMarkup(i);
      if (after < 0) {
        return 0;
      }
      if (after > i) {
        i = after;
        continue;
      }
      Border border = border(i);
      if (border == Border.UNKNOWN) {
        return 0;
      }
      int end = i + 1;
      if (border != Border.NONE) {
        while (end < raw.length() && CLOSERS.indexOf(raw.charAt(end)) >= 0) {
          end++;
        }
        if (longEnough(end, border)) {
          return end;
        }
      }
      if (Character.isWhitespace(raw.charAt(i)) && !betweenDigits(i)) {
        lastBreak = end;
      }
      if (i >= options.longest() && lastBreak > 0) {
        return lastBreak;
      }
      i++;
    }
    return 0;
  }

  private boolean longEnough(int end, Border border) {
    String piece = SpeakableText.of(raw.substring(0, end));
    if (!SpeakableText.voiced(piece)) {
      return false;
    }
    if (cut == 0) {
      return border == Border.SENTENCE || piece.length() >= options.firstClause();
    }
    // Grows from a single sentence to the full length over the first pieces.
    int sentence = Math.min(options.sentence(), (cut - 1) * options.sentence() / 2);
    return border == Border.SENTENCE
        ? piece.length() >= sentence
        : piece.length() >= Math.max(options.sentence(), options.longest() * 2 / 3);
  }

  private Border border(int i) {
    char c = raw.charAt(i);
    if (c == '\n' || WIDE_SENTENCE.indexOf(c) >= 0) {
      return Border.SENTENCE;
    }
    if (WIDE_CLAUSE.indexOf(c) >= 0) {
      return Border.CLAUSE;
    }
    boolean sentence = c == '.' || c == '!' || c == '?' || c == '\u2026';
    boolean clause = c == ',' || c == ';' || c == ':' || c == '\u2014' || c == '\u2013';
    if (!sentence && !clause) {
      return Border.NONE;
    }
    int next = i + 1;
    while (next < raw.length() && CLOSERS.indexOf(raw.charAt(next)) >= 0) {
      next++;
    }
    if (next == raw.length()) {
      return Border.UNKNOWN;
    }
    if (!Character.isWhitespace(raw.charAt(next))) {
      return Border.NONE;
    }
    boolean digitBefore = i > 0 && Character.isDigit(raw.charAt(i - 1));
    if (digitBefore && (clause || c == '.')) {
      return afterDigit(i, next, clause);
    }
    if (c == '.' && abbreviation(i)) {
      return Border.NONE;
    }
    return sentence ? Border.SENTENCE : Border.CLAUSE;
  }

  /** "5, 5, 1": a list of digits stays whole; "1. First" is a number of a list; "at 10. Then" ends a sentence. */
  private Border afterDigit(int i, int next, boolean clause) {
    while (next < raw.length() && Character.isWhitespace(raw.charAt(next))) {
      next++;
    }
    if (next == raw.length()) {
      return Border.UNKNOWN;
    }
    if (Character.isDigit(raw.charAt(next))) {
      return Border.NONE;
    }
    if (clause) {
      return Border.CLAUSE;
    }
    int start = i;
    while (start > 0 && Character.isDigit(raw.charAt(start - 1))) {
      start--;
    }
    boolean lineStart = raw.substring(0, start).isBlank() || raw.charAt(start - 1) == '\n';
    return !lineStart && Character.isUpperCase(raw.charAt(next)) ? Border.SENTENCE : Border.NONE;
  }

  private boolean abbreviation(int dot) {
    int start = dot;
    while (start > 0
        && !Character.isWhitespace(raw.charAt(start - 1))
        && "([\"'*_".indexOf(raw.charAt(start - 1)) < 0) {
      start--;
    }
    String word = raw.substring(start, dot).toLowerCase(Locale.ROOT);
    boolean initial = word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("i");
    return initial || ABBREVIATIONS.contains(word);
  }

  private boolean betweenDigits(int space) {
    return space > 0
        && space + 1 < raw.length()
        && (Character.isDigit(raw.charAt(space - 1)) || raw.charAt(space - 1) == ',')
        && Character.isDigit(raw.charAt(space + 1));
  }

  /** The index behind a piece of markup that starts at {@code i}, {@code i} when none does, -1 to wait for its end. */
  private int afterMarkup(int i) {
    char c = raw.charAt(i);
    if (c == '`' && raw.length() - i < 3 && onlyTicks(i)) {
      return -1;
    }
    if (raw.indexOf("```", i) == i) {
      return closed(i, raw.indexOf("```", i + 3), 3, MAX_CODE);
    }
    if (c == '[') {
      int close = raw.indexOf("]", i);
      if (close < 0) {
        return closed(i, close, 1, MAX_MARKUP);
      }
      if (close + 1 == raw.length()) {
        return -1;
      }
      return raw.charAt(close + 1) == '(' ? closed(i, raw.indexOf(")", close), 1, MAX_MARKUP) : i;
    }
    if (c == '<') {
      if (i + 1 == raw.length()) {
        return -1;
      }
      char next = raw.charAt(i + 1);
      if (next == '/' || Character.isLetter(next)) {
        boolean spell = raw.indexOf("<spell>", i) == i;
        return spell
            ? closed(i, raw.indexOf("</spell>", i), 8, MAX_MARKUP)
            : closed(i, raw.indexOf(">", i), 1, MAX_MARKUP);
      }
    }
    return i;
  }

  private boolean onlyTicks(int i) {
    for (int k = i; k < raw.length(); k++) {
      if (raw.charAt(k) != '`') {
        return false;
      }
    }
    return true;
  }

  private int closed(int from, int end, int length, int most) {
    if (end >= 0 && end - from <= most) {
      return end + length;
    }
    return raw.length() - from > most || end >= 0 ? from : -1;
  }

  private int lastSpace(int from) {
    for (int i = Math.min(from, raw.length() - 1); i > 0; i--) {
      if (Character.isWhitespace(raw.charAt(i)) && !betweenDigits(i)) {
        return i;
      }
    }
    return from;
  }
}
