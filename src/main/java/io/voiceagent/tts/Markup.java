package io.voiceagent.tts;

/** Pieces of markup that must not be cut: links, tags, blocks of code, spelled words. */
final class Markup {
  /** An opened bracket or tag that is not closed within this was none. */
  private static final int MOST = 300;

  private static final int MOST_CODE = 4000;
  private static final String CODE = "```";
  private static final String SPELL = "<spell>";
  private static final String SPELL_END = "</spell>";

  private final StringBuilder text;
  private boolean complete;

  Markup(StringBuilder text) {
    this.text = text;
  }

  /** No more will come: what is open now is no markup. */
  void complete() {
    complete = true;
  }

  /** The index behind a piece of markup that starts at {@code i}, {@code i} when none does, -1 to wait for its end. */
  int behind(int i) {
    int behind = switch (text.charAt(i)) {
      case '`' -> code(i);
      case '[' -> link(i);
      case '<' -> tag(i);
      default -> i;
    };
    return behind < 0 && complete ? i : behind;
  }

  private int code(int i) {
    for (int k = 0; k < CODE.length(); k++) {
      if (i + k == text.length()) {
        return -1;
      }
      if (text.charAt(i + k) != '`') {
        return i;
      }
    }
    return closed(i, text.indexOf(CODE, i + CODE.length()), CODE.length(), MOST_CODE);
  }

  private int link(int i) {
    int close = text.indexOf("]", i);
    if (close < 0 || close - i > MOST) {
      return closed(i, close, 1, MOST);
    }
    if (close + 1 == text.length()) {
      return -1;
    }
    return text.charAt(close + 1) == '(' ? closed(i, text.indexOf(")", close), 1, MOST) : i;
  }

  private int tag(int i) {
    if (i + 1 == text.length()) {
      return -1;
    }
    char next = text.charAt(i + 1);
    if (next != '/' && !Character.isLetter(next)) {
      return i;
    }
    int length = Math.min(SPELL.length(), text.length() - i);
    if (SPELL.startsWith(text.substring(i, i + length))) {
      return length < SPELL.length()
          ? -1
          : closed(i, text.indexOf(SPELL_END, i), SPELL_END.length(), MOST);
    }
    return closed(i, text.indexOf(">", i), 1, MOST);
  }

  private int closed(int from, int end, int length, int most) {
    if (end >= 0 && end - from <= most) {
      return end + length;
    }
    return end >= 0 || text.length() - from > most ? from : -1;
  }
}
