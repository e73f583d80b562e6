package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From milliseconds that were played to words that were heard. */
class SpokenTest {
  private final Spoken spoken = new Spoken();

  private static Segment segment(int index, String text, int from, int to, Word... words) {
    return new Segment(new TurnId(1), index, text, from, to, List.of(words));
  }

  /** Two segments: "Once upon" until 600, "a time." until 1200, with words of 280 ms. */
  private void twoSegments() {
    spoken.queued(0, "Once upon");
    spoken.queued(1, "a time.");
    spoken.timed(
        segment(0, "Once upon", 0, 600, new Word("Once", 0, 280), new Word("upon", 300, 580)));
    spoken.timed(
        segment(1, "a time.", 600, 1200, new Word("a", 600, 880), new Word("time.", 900, 1180)));
  }

  @Test
  void aWordIsHeardWithItsLastMillisecondAndNotBefore() {
    twoSegments();
    assertThat(spoken.heardText()).isEmpty();
    spoken.heard(279);
    assertThat(spoken.heardText()).isEmpty();
    spoken.heard(280);
    assertThat(spoken.heardText()).isEqualTo("Once");
    spoken.heard(600);
    assertThat(spoken.heardText()).isEqualTo("Once upon");
    spoken.heard(880);
    assertThat(spoken.heardText()).isEqualTo("Once upon a");
    spoken.heard(100);
    assertThat(spoken.heardText()).as("nothing is unheard again").isEqualTo("Once upon a");
    assertThat(spoken.rest("Once upon a time.", spoken.heardMs())).isEqualTo("time.");
  }

  @Test
  void aSegmentThatIsToldTwiceOrBeforeItsTurnCountsOnce() {
    spoken.queued(0, "Once upon");
    spoken.queued(0, "Once upon");
    spoken.queued(2, "never");
    spoken.timed(segment(1, "too early", 0, 100));
    spoken.timed(segment(0, "Once upon", 0, 600));
    spoken.timed(segment(0, "Once upon", 0, 600));
    spoken.heard(600);
    assertThat(spoken.heardText()).isEqualTo("Once upon");
    assertThat(spoken.queuedText()).isEqualTo("Once upon");
  }

  @Test
  void withoutTimingsOfItsWordsASegmentIsHeardInProportion() {
    spoken.queued(0, "one two three four");
    spoken.timed(segment(0, "one two three four", 1000, 2000));
    spoken.heard(1000);
    assertThat(spoken.heardText()).isEmpty();
    spoken.heard(1499);
    assertThat(spoken.heardText()).isEqualTo("one");
    spoken.heard(1500);
    assertThat(spoken.heardText()).isEqualTo("one two");
  }

  @Test
  void ofASegmentThatIsBeingMadeTheWordsSoFarAreKnown() {
    spoken.queued(0, "Once upon");
    spoken.queued(1, "a time there was");
    spoken.timed(0, List.of(new Word("Once", 0, 280)));
    spoken.heard(290);
    assertThat(spoken.heardText()).isEqualTo("Once");
    spoken.timed(segment(0, "Once upon", 0, 600));
    spoken.timed(1, List.of(new Word("a", 600, 880)));
    spoken.timed(1, List.of(new Word("time", 900, 1180)));
    spoken.heard(1180);
    assertThat(spoken.heardText()).isEqualTo("Once upon a time");
  }

  @Test
  void whereNoTimingsHaveComeTheVoicesOwnPaceCounts() {
    spoken.queued(0, "Once upon a time there was");
    spoken.heard(1000);
    assertThat(spoken.heardText()).as("three words a second").isEqualTo("Once upon a");
    Spoken fast = new Spoken();
    fast.queued(0, "one two three four five");
    fast.queued(1, "six seven eight nine");
    fast.timed(segment(0, "one two three four five", 0, 500));
    fast.heard(500);
    assertThat(fast.heardText()).isEqualTo("one two three four five");
    fast.heard(700);
    assertThat(fast.heardText()).isEqualTo("one two three four five six seven");
    fast.heard(60_000);
    assertThat(fast.heardText()).isEqualTo("one two three four five six seven eight nine");
  }

  @Test
  void theRestIsFoundByWordsWhereMarkupWasNotSpoken() {
    twoSegments();
    spoken.heard(880);
    assertThat(spoken.rest("**Once**  upon a\n*time.*", spoken.heardMs())).isEqualTo("*time.*");
    assertThat(spoken.rest("Never that", spoken.heardMs()))
        .as("shorter than what was heard")
        .isEmpty();
    spoken.heard(1200);
    assertThat(spoken.rest("Once upon a time.", spoken.heardMs())).isEmpty();
    assertThat(spoken.rest("Once **upon** a time. The end.", spoken.heardMs()))
        .isEqualTo("The end.");
  }
}
