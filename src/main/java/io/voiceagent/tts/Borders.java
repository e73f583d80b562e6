package io.voiceagent.tts;

/** Where a text may be cut, in any of the languages that mark it. */
final class Borders {
  enum Kind {
    NONE,
    /** Between two words: only when the piece grows too long. */
    GAP,
    CLAUSE,
    SENTENCE,
    /** The next character decides. */
    UNKNOWN
  }

  /** With a blank behind them; without one they belong to a number, a link, a name. */
  private static final String SENTENCE = ".!?\u2026";

  private static final String CLAUSE = ",;:\u2014\u2013";
  /** Chinese, Japanese, Hindi, Urdu, Arabic, Armenian, Ethiopic, Khmer, Burmese: no blank is needed. */
  private static final String WIDE_SENTENCE =
      "\u3002\uff01\uff1f\uff0e\uff61\u0964\u0965\u06d4\u061f\u0589\u1362\u17d4\u104b";

  private static final String WIDE_CLAUSE = "\uff0c\u3001\uff1b\uff1a\uff64\u060c\u061b\u1363";
  private static final String CLOSERS = "\"')]}*_\u201d\u2019\u00bb\u300d\u300f\u201c\uff09";
  private static final String CURRENCY = "$\u20ac\u00a3\u00a5\u20b9#";

  private final StringBuilder text;
  private boolean complete;

  Borders(StringBuilder text) {
    this.text = text;
  }

  /** No more will come: the end of the text is a border. */
  void complete() {
    complete = true;
  }

  Kind at(int i) {
    char c = text.charAt(i);
    if (c == '\n') {
      return Kind.SENTENCE;
    }
    if (Character.isWhitespace(c)) {
      return gap(i);
    }
    boolean wide = WIDE_SENTENCE.indexOf(c) >= 0 || WIDE_CLAUSE.indexOf(c) >= 0;
    boolean sentence = WIDE_SENTENCE.indexOf(c) >= 0 || SENTENCE.indexOf(c) >= 0;
    if (!wide && !sentence && CLAUSE.indexOf(c) < 0) {
      return Kind.NONE;
    }
    int next = end(i);
    if (next == text.length()) {
      return complete ? Kind.NONE : Kind.UNKNOWN;
    }
    if (!wide && !Character.isWhitespace(text.charAt(next))) {
      return Kind.NONE;
    }
    int word = skipBlanks(next);
    if (word == text.length()) {
      return complete ? Kind.NONE : unlessBreak(next, i, sentence);
    }
    return decided(i, word, sentence);
  }

  /** A line that ends here decides like any word would; blanks alone do not. */
  private Kind unlessBreak(int from, int i, boolean sentence) {
    if (text.substring(from).indexOf('\n') >= 0) {
      return sentence ? Kind.SENTENCE : Kind.CLAUSE;
    }
    boolean open = digitBefore(i) || text.charAt(i) == '.' && Abbreviations.anyEndsAt(text, i);
    return open ? Kind.UNKNOWN : sentence ? Kind.SENTENCE : Kind.CLAUSE;
  }

  private Kind decided(int i, int word, boolean sentence) {
    boolean newLine = text.substring(i, word).indexOf('\n') >= 0;
    boolean digitNext = Character.isDigit(text.charAt(word)) && !newLine;
    if (digitBefore(i) && digitNext) {
      // "5, 5, 1": digits being read out stay together.
      return Kind.NONE;
    }
    if (text.charAt(i) == '.' && !newLine) {
      if (Abbreviations.endsAt(text, i, digitNext)) {
        return Kind.NONE;
      }
      if (digitBefore(i) && ordinal(i, text.charAt(word))) {
        return Kind.NONE;
      }
    }
    return sentence ? Kind.SENTENCE : Kind.CLAUSE;
  }

  /** The end of what belongs to the border at {@code i}: quotes and brackets that close behind it. */
  int end(int i) {
    int end = i + 1;
    if (!Character.isWhitespace(text.charAt(i))) {
      while (end < text.length() && CLOSERS.indexOf(text.charAt(end)) >= 0) {
        end++;
      }
    }
    return end;
  }

  /** Whether a text without any gap may be cut before {@code i}. */
  boolean mayForce(int i) {
    return !Character.isLowSurrogate(text.charAt(i))
        && !(Character.isDigit(text.charAt(i)) && digitBefore(i));
  }

  /** Numbers keep what they count, and the sign or the abbreviation before them. */
  private Kind gap(int i) {
    int next = skipBlanks(i);
    if (next == text.length()) {
      return complete ? Kind.NONE : Kind.UNKNOWN;
    }
    if (i == 0 || next > i + 1) {
      return i == 0 ? Kind.NONE : Kind.GAP;
    }
    char before = text.charAt(i - 1);
    boolean joined = Character.isDigit(before)
        || CURRENCY.indexOf(before) >= 0
        || before == ',' && Character.isDigit(text.charAt(next))
        || before == '.' && Abbreviations.anyEndsAt(text, i - 1);
    return joined ? Kind.NONE : Kind.GAP;
  }

  /** "1. First" opens a list, "am 3. Mai" is a day, "at 10. Then" ends a sentence. */
  private boolean ordinal(int dot, char next) {
    int start = dot;
    while (start > 0 && Character.isDigit(text.charAt(start - 1))) {
      start--;
    }
    boolean lineStart = text.substring(0, start).isBlank() || text.charAt(start - 1) == '\n';
    return lineStart || Character.isLowerCase(next) || Abbreviations.announcesOrdinal(text, start);
  }

  private boolean digitBefore(int i) {
    return i > 0 && Character.isDigit(text.charAt(i - 1));
  }

  private int skipBlanks(int from) {
    int next = from;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next;
  }
}
