package io.voiceagent.stt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldWordsTest {
  private static final long SECOND = 8000;

  private final ToldWords words = new ToldWords();

  @Test
  void finalsAreJoinedVerbatimAndOfANewSocketWithABlank() {
    words.newSocket(0, 0);
    assertThat(words.finalText("book a", 0)).isEqualTo("book a");
    words.nextSeq();
    assertThat(words.finalText(" table", 0)).isEqualTo(" table");
    words.nextSeq();

    words.newSocket(0, 0);

    assertThat(words.finalText("for two", 0)).isEqualTo(" for two");
  }

  @Test
  void whatANewSocketHearsAgainIsToldOnce() {
    words.newSocket(0, 0);
    words.finalText("book a table", 0);
    words.nextSeq();

    words.newSocket(16_000, SECOND);

    assertThat(words.interim("table")).isBlank();
    assertThat(words.interim("table for")).isEqualTo(" for");
    assertThat(words.finalText("table for two", 0)).isEqualTo(" for two");
  }

  @Test
  void afterAFlushNothingIsARepetition() {
    words.newSocket(0, 0);
    words.finalText("yes", 0);
    words.nextSeq();
    words.flushed();

    words.newSocket(16_000, SECOND);

    assertThat(words.finalText("yes", 0).strip()).isEqualTo("yes");
  }

  @Test
  void aTurnThatANewSocketHearsAgainIsToldOnce() {
    words.newSocket(0, 0);
    assertThat(words.turn("book a table", 0)).isEqualTo("book a table");
    words.nextSeq();

    words.newSocket(24_000, SECOND);

    assertThat(words.turnSoFar("a table")).isEmpty();
    assertThat(words.turn("a table", 0)).as("all of it was told").isEmpty();
    assertThat(words.turn("for two please", 0)).isEqualTo("for two please");
  }

  @Test
  void wordsOfLongAgoAreNotInTheAudioAndMayBeSaidAgain() {
    words.newSocket(0, 0);
    words.turn("yes", 0);
    words.nextSeq();

    words.newSocket(160_000, 21 * SECOND);

    assertThat(words.turn("yes", 22 * SECOND)).isEqualTo("yes");
  }

  @Test
  void r16_aFinalThatComesTwiceIsTheSameOneUnlessItCouldHaveBeenSaidAgain() {
    ToldWords words = new ToldWords();
    words.finalText("yes please", 8000);

    assertThat(words.repeated("yes please", 8000)).isTrue();
    assertThat(words.repeated("yes", 8000)).isFalse();
    assertThat(words.repeated("yes please", 8000 + 1600)).isFalse();
    words.interim("yes");
    assertThat(words.repeated("yes please", 8000)).isFalse();
  }

  @Test
  void whileANewSocketCatchesUpNothingIsCalledARepetition() {
    ToldWords words = new ToldWords();
    words.finalText("well", 7000);
    words.newSocket(16_000, 8000);
    words.finalText("no", 8000);

    assertThat(words.repeated("no", 8000)).isFalse();
  }
}
