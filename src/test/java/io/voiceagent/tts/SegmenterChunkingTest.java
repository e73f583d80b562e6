package io.voiceagent.tts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However a model's text arrives, the voice is given the same pieces, and every word of it once. */
class SegmenterChunkingTest {
  private static final List<String> FRAGMENTS = List.of(
      "Of course,",
      "Yes.",
      "No.",
      "Well, I see.",
      "one",
      "two",
      "and then",
      "Dr. Smith",
      "e.g. this",
      "No. 5",
      "at 5 p.m.",
      "in the U.S. since",
      "1,234.56",
      "$5.99",
      "$ 5",
      "10:30",
      "1 000 000",
      "5, 5, 1, 2",
      "50 %",
      "24/7.",
      "+1 555 123-4567",
      "3.14?",
      "am 3. Mai",
      "1. First\n2. Second\n",
      "https://a.b/c,d.html?x=1.2",
      "a_b@c.de",
      "**bold**, *soft*",
      "`code, here`",
      "[our page](https://a.b/c)",
      "[open",
      "<b>loud</b>",
      "<break time=\"1.5s\"/>",
      "<spell>A, B. C</spell>",
      "3 < 4",
      "```x = 1. Y\n```",
      "\n- item one\n- item two\n",
      "\n## Head\n",
      "\ud83d\ude00",
      "\ud83d\udc4d\ud83c\udffd!",
      "\u00bfQu\u00e9 tal?",
      "\u201eJa, gern.\u201c",
      "\u00ab Oui. \u00bb",
      "\u4f60\u597d\u3002\u5417\uff1f",
      "\u5f88\u597d\uff0c\u8c22\u8c22",
      "\u0646\u0639\u0645\u060c \u0634\u0643\u0631\u0627\u061f",
      "\u0939\u093e\u0901\u0964",
      "...",
      "?!",
      "\u2014",
      "\u2026",
      "(so what).",
      "it's",
      "J. R. Tolkien",
      "z.B. hier",
      "etc.",
      "a very long word indeed;");

  @Test
  void anyChunkingGivesTheSamePiecesAndNoWordIsLostOrDoubled() {
    for (int seed = 0; seed < 600; seed++) {
      Random random = new Random(seed);
      String text = text(random);
      SegmentOptions options = random.nextBoolean()
          ? SegmentOptions.DEFAULTS
          : new SegmentOptions(
              1 + random.nextInt(20), 1 + random.nextInt(60), 40 + random.nextInt(60));
      List<String> whole = cut(text, options);
      for (int most : new int[] {1, 5, 40}) {
        List<String> chunked = cut(text, options, most, random);
        assertThat(chunked)
            .as("seed %d, chunks of up to %d: %s", seed, most, text)
            .isEqualTo(whole);
      }
      assertThat(letters(String.join("", whole)))
          .as("seed %d: %s", seed, text)
          .isEqualTo(letters(SpeakableText.of(text)));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int fragments = 1 + random.nextInt(30);
    for (int i = 0; i < fragments; i++) {
      text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
      text.append(" \n".charAt(random.nextInt(12) == 0 ? 1 : 0));
    }
    return text.toString();
  }

  private static List<String> cut(String text, SegmentOptions options) {
    Segmenter segmenter = new Segmenter(options);
    List<String> pieces = new ArrayList<>(segmenter.add(text));
    pieces.addAll(segmenter.finish());
    return pieces;
  }

  private static List<String> cut(String text, SegmentOptions options, int most, Random random) {
    Segmenter segmenter = new Segmenter(options);
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      int end = Math.min(text.length(), i + 1 + random.nextInt(most));
      pieces.addAll(segmenter.add(text.substring(i, end)));
      i = end;
    }
    pieces.addAll(segmenter.finish());
    return pieces;
  }

  private static String letters(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}]", "");
  }
}
