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
        "Meet J. R. Tolkien at the door today"
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
      assertThat(pieces).containsExactly(text);
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
        "Run ```rm -rf, now. ok``` please|Run please"
      })
  void whatNobodySaysIsNotSpoken(String written, String spoken) {
    assertThat(String.join(" ", all(written))).isEqualTo(spoken);
  }

  @Test
  void aListIsSpokenLineByLine() {
    assertThat(all("- First thing\n- Second thing\n1. Third thing\n"))
        .containsExactly("First thing", "Second thing", "1. Third thing");
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
