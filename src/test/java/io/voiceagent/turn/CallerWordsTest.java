package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What was said and is in no turn yet. */
class CallerWordsTest {
  private final CallerWords words = new CallerWords();

  @Test
  void finalsAreJoinedAsTheyAreAndTheInterimStandsBehindThem() {
    assertThat(words.seen(1)).isFalse();
    words.add("I want");
    words.interim("a tab");
    assertThat(words.heardSoFar()).isEqualTo("I want a tab");
    assertThat(words.seen(2)).isFalse();
    assertThat(words.heardSoFar()).as("the final takes the interim's place").isEqualTo("I want");
    words.add(" a table");
    assertThat(words.said()).isEqualTo("I want a table");
  }

  @Test
  void aNumberCountsOnceAndAnotherTranscriberHearsTheRestAgain() {
    assertThat(words.seen(1)).isFalse();
    assertThat(words.seen(1)).isTrue();
    assertThat(words.seen(3)).isFalse();
    assertThat(words.seen(2)).isTrue();
    words.interim("half a wo");
    words.restart(1000);
    assertThat(words.heardSoFar()).isEmpty();
    assertThat(words.seen(4)).as("of the one that was left").isTrue();
    assertThat(words.left(0)).isTrue();
    assertThat(words.left(1000)).isFalse();
    assertThat(words.seen(1001)).isFalse();
  }

  @Test
  void whatIsNotTheTranscribersIsSetApartByABlankAndNothingElse() {
    words.addApart("[keys pressed: 1]");
    words.addApart("");
    words.addApart("two");
    assertThat(words.said()).isEqualTo("[keys pressed: 1] two");
    words.addBefore("first");
    assertThat(words.take()).isEqualTo("first [keys pressed: 1] two");
  }

  @Test
  void whatWasSetAsideIsTheBeginningOfTheNextTurn() {
    words.add("uh-huh");
    words.setAside();
    words.add("right");
    words.setAside();
    assertThat(words.aside()).isEqualTo("uh-huh right");
    assertThat(words.said()).isEmpty();
    words.add("and then");
    assertThat(words.wouldBe()).isEqualTo("uh-huh right and then");
    words.forget();
    words.add("go on");
    assertThat(words.take()).as("a noise does not take it along").isEqualTo("uh-huh right go on");
    assertThat(words.wouldBe()).isEmpty();
  }

  @Test
  void whatWasSetAsideCanBeAnAnswerAfterAll() {
    words.add("yeah");
    words.setAside();
    words.recall();
    assertThat(words.said()).isEqualTo("yeah");
    assertThat(words.aside()).isEmpty();
    assertThat(words.take()).isEqualTo("yeah");
  }

  @Test
  void theFinalTakesThePlaceOfWhatWasProvisionalAndKeepsWhatWasBefore() {
    words.add("I want");
    words.interim("a cable");
    words.acceptInterim();
    assertThat(words.said()).isEqualTo("I want a cable");
    words.add(" a table");
    assertThat(words.said()).isEqualTo("I want  a table");
    assertThat(words.take()).as("blanks are not kept").isEqualTo("I want a table");
    assertThat(words.guess()).as("confirmed").isEmpty();
  }

  @Test
  void aTurnThatWasTakenOnAGuessRemembersIt() {
    words.interim("a cable");
    words.acceptInterim();
    assertThat(words.guess()).as("not taken yet").isEmpty();
    assertThat(words.take()).isEqualTo("a cable");
    assertThat(words.guess()).isEqualTo("a cable");
    assertThat(words.repeats("A cable!")).isTrue();
    assertThat(words.repeats("a table")).isFalse();
    words.add("more");
    assertThat(words.repeats("a cable")).as("more was said since").isFalse();
  }

  @Test
  void endlessTalkKeepsItsLatestWords() {
    for (int i = 0; i < 5000; i++) {
      words.add(" word" + i);
    }
    assertThat(words.said()).hasSizeBetween(19_000, 20_000).endsWith("word4999");
    for (int i = 0; i < 5000; i++) {
      words.addApart("more" + i);
    }
    assertThat(words.said()).hasSizeBetween(19_000, 20_000).endsWith("more4999");
    words.addBefore("the very first words of all");
    assertThat(words.said()).hasSizeBetween(19_000, 20_000).endsWith("more4999");
    words.setAside();
    words.add("a".repeat(15_000));
    words.setAside();
    assertThat(words.aside()).hasSize(20_000).endsWith("aaa");
  }
}
