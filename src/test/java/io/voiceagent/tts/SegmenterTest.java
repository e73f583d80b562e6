package io.voiceagent.tts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmenterTest {
  @Test
  void theFirstClauseIsOutBeforeItsSentenceEnds() {
    Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);

    assertThat(segmenter.add("Of course I can,")).isEmpty();
    assertThat(segmenter.add(" let")).containsExactly("Of course I can,");
    assertThat(segmenter.add(" me look, that takes a moment. ")).hasSize(1);
  }

  @Test
  void aShortSentenceStartsAnAnswerButATinyClauseDoesNot() {
    assertThat(new Segmenter(SegmentOptions.DEFAULTS).add("Yes. ")).containsExactly("Yes.");
    assertThat(new Segmenter(SegmentOptions.DEFAULTS).add("Well, I ")).isEmpty();
  }

  @Test
  void piecesGrowAsTheAnswerRuns() {
    String sentence = "This is a sentence of forty letters now. ";
    List<String> pieces = all(sentence.repeat(12));

    assertThat(pieces.get(0)).hasSize(40);
    assertThat(pieces.get(1)).hasSize(40);
    assertThat(pieces.get(4).length()).isGreaterThan(80);
  }

  @Test
  void aHungryVoiceGetsTheNextClauseAtOnce() {
    Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);
    segmenter.add("One moment please. I am still looking. ");
    segmenter.hungry();

    assertThat(segmenter.add("Here it is then, at ")).containsExactly("Here it is then,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "The total comes to 1,234.56 dollars in all",
        "Ask for Dr. Smith at 5 p.m. tomorrow or so",
        "Please write to https://example.com/a,b.html?x=1.2 for it",
        "Bring e.g. a passport to St. James Street",
        "We are in the U.S. market since long ago",
        "The code is 5, 5, 1, 2, 3, 4 for you",
        "It takes <break time=\"1.5s\"/> a little while",
        "Say <spell>A, B. C</spell> slowly to them",
        "Meet J. R. Tolkien at the door today",
        "It is 10:30 now and $5.99 or $ 5 or 5 % more",
        "Room No. 5 on the 24/7 floor with lines 2, 3 and so on",
        "Wir sehen uns am 3. Mai in der Hauptstr. 5 um 14.30 Uhr",
        "Das kostet z.B. 1.234,50 Euro bzw. 5 Mio. Euro",
        "Ecrivez a Mme. Dupont au 01 23 45 67 89",
        "Llame a la Sra. Ruiz al 1 000 000",
        "Call +1 (555) 123-4567 or mail a.b@c.example.com now",
        "The [very, long. name](https://a.b/c,d. e) of it"
      })
  void neverCutsInside(String text) {
    for (Random random = new Random(1); random.nextInt(50) != 0; ) {
      Segmenter segmenter = new Segmenter(new SegmentOptions(1, 1, 250));
      List<String> pieces = new ArrayList<>();
      for (int i = 0; i < text.length(); ) {
        int end = Math.min(text.length(), i + 1 + random.nextInt(6));
        pieces.addAll(segmenter.add(text.substring(i, end)));
        i = end;
      }
      pieces.addAll(segmenter.finish());
      assertThat(pieces).containsExactly(SpeakableText.of(text));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "**Bold** and *soft* and `code` here|Bold and soft and code here",
        "## Heading here|Heading here",
        "See [our page](https://a.b/c?d=1) for it|See our page for it",
        "Great \uD83D\uDE00\uD83D\uDC4D\uD83C\uDFFD news \u2764\uFE0F!|Great news !",
        "Press 1\uFE0F\u20E3 now|Press 1 now",
        "Mail a_b@c.de or call snake_case|Mail a_b@c.de or call snake_case",
        "So <b>loud</b> it is|So loud it is",
        "What x * y is, 3 * 4 is|What x y is, 3 * 4 is",
        "Run ```rm -rf, now. ok``` please|Run please",
        "It is open\u3010" + "4:0\u2020source\u3011 today[1]|It is open today",
        "Soft\u00adly, zero\u200bwidth|Softly, zerowidth",
        "A \u2764 B \u2139 C \ud83c\uddeb\ud83c\uddf7 D|A B C D"
      })
  void whatNobodySaysIsNotSpoken(String written, String spoken) {
    assertThat(String.join(" ", all(written))).isEqualTo(spoken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "No. I cannot do that.|No.",
        "At 10. Then we close.|At 10.",
        "\u00bfC\u00f3mo est\u00e1? Bien, gracias.|\u00bfC\u00f3mo est\u00e1?",
        "\u201eJa, gern.\u201c Das geht.|\u201eJa, gern.\u201c",
        "\u00ab Oui, bien s\u00fbr. \u00bb Voil\u00e0.|\u00ab Oui, bien s\u00fbr.",
        "\u4f60\u597d\u3002\u8bf7\u8bf4\u3002|\u4f60\u597d\u3002",
        "\u0646\u0639\u0645\u061f \u0634\u0643\u0631\u0627.|\u0646\u0639\u0645\u061f",
        "\u0939\u093e\u0901\u0964 \u0920\u0940\u0915 \u0939\u0948\u0964|\u0939\u093e\u0901\u0964",
        "\u03a4\u03b9 \u03b8\u03ad\u03bb\u03b5\u03c4\u03b5; \u039d\u03b1\u03b9.|\u03a4\u03b9 \u03b8\u03ad\u03bb\u03b5\u03c4\u03b5;"
      })
  void aSentenceStartsTheAnswerInItsOwnLanguage(String text, String first) {
    assertThat(all(text).get(0)).isEqualTo(first);
  }

  @Test
  void aLongFirstSentenceIsNotWaitedFor() {
    Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);
    String sentence =
        "The restaurant at the far end of the old street by the harbour stays open until ";

    List<String> pieces = new ArrayList<>(segmenter.add(sentence + "ten "));

    assertThat(pieces).hasSize(1);
    assertThat(pieces.get(0))
        .hasSizeBetween(60, 80)
        .startsWith("The restaurant")
        .doesNotEndWith(" ");
  }

  @Test
  void aListIsSpokenLineByLine() {
    assertThat(all("- First thing\n- Second thing\n1. Third thing\n"))
        .containsExactly("First thing", "Second thing", "1. Third thing");
  }

  @Test
  void aTableIsSpokenWithoutItsLines() {
    assertThat(String.join(" ", all("| Tea | Price |\n|---|:---:|\n| Green | 5 |\n")))
        .isEqualTo("Tea Price Green 5");
  }

  @Test
  void punctuationAloneIsNoPiece() {
    assertThat(all("... \uD83D\uDE00! -- \n\n")).isEmpty();
  }

  @Test
  void aTextWithoutAnyBorderIsCutBetweenWords() {
    List<String> pieces = all("word ".repeat(400));

    assertThat(pieces).allMatch(piece -> piece.length() <= 500);
    assertThat(String.join(" ", pieces)).isEqualTo("word ".repeat(400).strip());
  }

  @Test
  void languagesWithoutSpacesAreCutToo() {
    assertThat(all("\u3053\u3093\u306b\u3061\u306f\u3002\u5143\u6c17\u3067\u3059\u304b\uff1f"))
        .hasSize(2);
  }

  @Test
  void noWordIsLostOrDoubledHoweverTheTextArrives() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int word = 0; word < 200; word++) {
        text.append("w")
            .append(word)
            .append(" ,;:.!?\n  ".charAt(random.nextInt(10)))
            .append(' ');
      }
      Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);
      List<String> pieces = new ArrayList<>();
      for (int i = 0; i < text.length(); ) {
        int end = Math.min(text.length(), i + 1 + random.nextInt(20));
        pieces.addAll(segmenter.add(text.substring(i, end)));
        i = end;
      }
      pieces.addAll(segmenter.finish());
      assertThat(letters(String.join(" ", pieces)))
          .as("seed " + seed)
          .isEqualTo(letters(text.toString()));
    }
  }

  @Test
  void anOpenBracketDoesNotHoldTheTextForEver() {
    Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);

    assertThat(segmenter.add("[ a bracket that nobody closes. " + "More of it. ".repeat(60)))
        .isNotEmpty();
  }

  private static String letters(String text) {
    return text.replaceAll("[^a-z0-9 \\n]", "").replaceAll("\\s+", " ").strip();
  }

  private static List<String> all(String text) {
    Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);
    List<String> pieces = new ArrayList<>(segmenter.add(text));
    pieces.addAll(segmenter.finish());
    return pieces;
  }
}
