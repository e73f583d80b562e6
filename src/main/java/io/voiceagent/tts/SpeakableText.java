package io.voiceagent.tts;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a written text a voice can say: no markdown, no emoji, no code, one space between words. */
final class SpeakableText {
  private static final Pattern CODE = Pattern.compile("```.*?(```|$)", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\(([^)]*)\\)");
  private static final Pattern LINE_START = Pattern.compile(
      "(?m)^[ \\t]*(?:#{1,6}[ \\t]+|>[ \\t]?|[-*+\\u2022][ \\t]+|[-*_]{3,}[ \\t]*$)");
  /** The line under a table's head, the rule under a heading. */
  private static final Pattern RULE = Pattern.compile("(?m)^[ \\t|]*(?:[:=-]{2,}[ \\t|]*)+$");

  /** What a model writes to name its source. */
  private static final Pattern SOURCE = Pattern.compile("\\u3010[^\\u3011]*\\u3011|\\[\\^?\\d+]");

  private static final Pattern TAG =
      Pattern.compile("</?(?!(?:spell|break|emotion|speed|volume)\\b)[A-Za-z][^<>]*>");
  private static final Pattern EMPHASIS =
      Pattern.compile("\\*\\*|__|~~|`|(?<![\\w\\d])_(?=\\S)|(?<=\\S)_(?![\\w\\d])");
  private static final Pattern STAR = Pattern.compile("(?<!\\d )\\*(?! \\d)");
  private static final Pattern SPACE = Pattern.compile("[\\s|]+");
  private static final Pattern VOICED = Pattern.compile("[\\p{L}\\p{N}]");

  private SpeakableText() {}

  static String of(String written) {
    String text = CODE.matcher(written).replaceAll(" ");
    text = LINK.matcher(text).replaceAll(match -> Matcher.quoteReplacement(match.group(1)));
    text = SOURCE.matcher(text).replaceAll("");
    text = TAG.matcher(text).replaceAll("");
    text = RULE.matcher(text).replaceAll("");
    text = LINE_START.matcher(text).replaceAll("");
    text = EMPHASIS.matcher(text).replaceAll("");
    text = STAR.matcher(text).replaceAll("");
    text = withoutSymbols(text);
    return SPACE.matcher(text).replaceAll(" ").strip();
  }

  /** Whether anything would be heard: punctuation alone makes a provider answer with an error or with nothing. */
  static boolean voiced(String text) {
    return VOICED.matcher(text).find();
  }

  private static String withoutSymbols(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints().filter(c -> !symbol(c)).forEach(kept::appendCodePoint);
    return kept.toString();
  }

  /** Emoji with their modifiers and joiners, arrows and dingbats; what is not seen, other than white space. */
  private static boolean symbol(int c) {
    return c >= 0x1F000 && c <= 0x1FAFF
        || c >= 0x2190 && c <= 0x21FF
        || c >= 0x2300 && c <= 0x27BF
        || c >= 0x2900 && c <= 0x297F
        || c >= 0x2B00 && c <= 0x2BFF
        || c >= 0xFE00 && c <= 0xFE0F
        || c >= 0xE0000 && c <= 0xE007F
        || c >= 0x200B && c <= 0x200F
        || c == 0x2060
        || c == 0xFEFF
        || c == 0x00AD
        || c == 0x20E3
        || c == 0x2139
        || c == 0x24C2
        || c == 0x3030
        || c == 0x303D
        || c == 0x3297
        || c == 0x3299
        || Character.getType(c) == Character.SURROGATE
        || Character.isISOControl(c) && !Character.isWhitespace(c);
  }
}
