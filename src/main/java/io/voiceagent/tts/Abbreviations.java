package io.voiceagent.tts;

import java.util.Locale;
import java.util.Set;

/** Words whose dot ends no sentence, of the languages that callers speak most. */
final class Abbreviations {
  private static final Set<String> ALWAYS = Set.of(
      // English
      "dr",
      "mr",
      "mrs",
      "ms",
      "prof",
      "st",
      "sr",
      "jr",
      "vs",
      "approx",
      "dept",
      "est",
      "inc",
      "ltd",
      "co",
      "corp",
      "mt",
      "ave",
      "blvd",
      "rd",
      "e.g",
      "i.e",
      "a.m",
      "p.m",
      "u.s",
      "u.k",
      "rev",
      "capt",
      "sgt",
      "lt",
      "col",
      "gen",
      "gov",
      "sen",
      // German, Dutch, Swedish
      "bzw",
      "ca",
      "z.b",
      "d.h",
      "u.a",
      "evtl",
      "ggf",
      "inkl",
      "zzgl",
      "hr",
      "fr",
      "str",
      "mio",
      "mrd",
      "dhr",
      "mevr",
      "bijv",
      "o.a",
      "t.ex",
      "bl.a",
      "kl",
      // French, Spanish, Italian, Portuguese
      "mme",
      "mlle",
      "p.ex",
      "sra",
      "srta",
      "ud",
      "uds",
      "av",
      "sig",
      "dott",
      "dra",
      "exmo",
      // Polish
      "np",
      "tzn",
      "ul",
      "godz");

  /** Only with a number behind them: "No. 5" is one, "No." is an answer; "Hauptstr. 5". */
  private static final Set<String> BEFORE_NUMBERS = Set.of(
      "no",
      "nr",
      "fig",
      "ext",
      "tel",
      "apt",
      "p",
      "pp",
      "vol",
      "ch",
      "art",
      "sec",
      "n\u00ba",
      "n\u00fam",
      "p\u00e1g",
      "pag",
      "jan",
      "feb",
      "mar",
      "apr",
      "jun",
      "jul",
      "aug",
      "sep",
      "sept",
      "oct",
      "nov",
      "dec",
      "mon",
      "tue",
      "wed",
      "thu",
      "fri",
      "sat",
      "sun");

  /** A number with a dot behind one of these is the third and not three. */
  private static final Set<String> BEFORE_ORDINALS = Set.of(
      "am", "der", "den", "dem", "des", "die", "das", "zum", "zur", "vom", "im", "ab", "bis",
      "seit", "jeden", "dnia");

  private static final String OPENERS = "([\"'*_\u00bf\u00a1\u201e\u201c\u00ab";

  private Abbreviations() {}

  /** Whether the dot at {@code dot} belongs to an abbreviation. */
  static boolean endsAt(CharSequence text, int dot, boolean numberNext) {
    String word = wordBefore(text, dot);
    boolean counted = BEFORE_NUMBERS.contains(word) || word.endsWith("str");
    return ALWAYS.contains(word) || initial(word) || numberNext && counted;
  }

  /** Whether it may, whatever follows. */
  static boolean anyEndsAt(CharSequence text, int dot) {
    return endsAt(text, dot, true);
  }

  /** Whether the number that starts at {@code start} is counted by the word before it. */
  static boolean announcesOrdinal(CharSequence text, int start) {
    int end = start;
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return end < start && BEFORE_ORDINALS.contains(wordBefore(text, end));
  }

  /** "J. R. Smith"; but "I." and "So do I." are no initials. */
  private static boolean initial(String word) {
    return word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("i");
  }

  private static String wordBefore(CharSequence text, int end) {
    int start = end;
    while (start > 0
        && !Character.isWhitespace(text.charAt(start - 1))
        && OPENERS.indexOf(text.charAt(start - 1)) < 0) {
      start--;
    }
    return text.subSequence(start, end).toString().toLowerCase(Locale.ROOT);
  }
}
