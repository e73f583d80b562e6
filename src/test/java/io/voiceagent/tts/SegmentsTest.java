package io.voiceagent.tts;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Word;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Your table is booked.|Your table|is booked.",
        "Your table is booked.|your TABLE is booked|''",
        "It costs 1,234 dollars.|it costs 1|234 dollars.",
        "It costs 1,234 dollars.|it costs 1 234|dollars.",
        "Yes, yes, yes, of course.|yes yes|yes, of course.",
        "Five EUR left.|five euros|left.",
        "\"Quoted\" words here|quoted|words here"
      })
  void theRestBeginsBehindTheWordsThatWereHeardWhole(String text, String heard, String rest) {
    List<Word> words =
        Arrays.stream(heard.split(" ")).map(word -> new Word(word, 0, 0)).toList();

    assertThat(Segments.rest(text, words, 500)).isEqualTo(rest);
  }

  @Test
  void withoutTimingsTheRestIsGuessedFromTheSound() {
    String text = "one two three four five six seven eight";

    assertThat(Segments.rest(text, List.of(), 0)).isEqualTo(text);
    assertThat(Segments.rest(text, List.of(), text.length() * 65 / 2 + 65))
        .isEqualTo("five six seven eight");
    assertThat(Segments.rest(text, List.of(), 60_000)).isEmpty();
  }
}
