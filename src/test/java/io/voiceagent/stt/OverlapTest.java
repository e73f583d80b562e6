package io.voiceagent.stt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "book a table|table for two|' for two'",
        "book a table.|a Table for two|' for two'",
        "book a table|for two|for two",
        "book a table|table|''",
        "book a table|book a|''",
        "''|for two|for two",
        "so|''|''"
      })
  void wordsThatAReplaySaysTwiceAreTaken(String before, String text, String fresh) {
    assertThat(new Overlap(before, 10).strip(text)).isEqualTo(fresh);
  }

  @Test
  void aRepetitionMayComeInSeveralFinals() {
    Overlap overlap = new Overlap("alpha bravo charlie", 10);

    assertThat(overlap.preview("alpha bravo")).isEmpty();
    assertThat(overlap.strip("alpha bravo")).isEmpty();
    assertThat(overlap.strip("charlie delta")).isEqualTo(" delta");
    assertThat(overlap.strip("delta")).isEqualTo("delta");
  }

  @Test
  void wordsTooFarBackToBeInTheAudioAreTheCallersOwn() {
    assertThat(new Overlap("yes I would like a table", 3).strip("yes")).isEqualTo("yes");
  }
}
