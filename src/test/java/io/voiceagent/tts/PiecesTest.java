package io.voiceagent.tts;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands of a piece whose voice broke off, and what is said anew. */
class PiecesTest {
  private final Pieces pieces = new Pieces(new TurnId(1));

  @Test
  void halfOfTheFirstWordIsSaidAnewHoweverLongItsSoundIs() {
    say("Internationalisation, please.");
    pieces.timed(List.of(new Word("Internationalisation,", 0, 1500)), 0);
    pieces.received(1400 * 8);

    assertThat(pieces.cut(0)).isEqualTo(1400 * 8);
    assertThat(pieces.unspoken()).isEqualTo("Internationalisation, please.");
    assertThat(pieces.cutAtItsEnd()).isFalse();
  }

  @Test
  void halfOfTheOnlyWordIsNotTakenForAllOfIt() {
    say("Yes.");
    pieces.timed(List.of(new Word("Yes.", 0, 600)), 0);
    pieces.received(500 * 8);

    assertThat(pieces.cut(0)).isEqualTo(500 * 8);
    assertThat(pieces.cutAtItsEnd()).isFalse();
  }

  @Test
  void halfOfTheWordThatTheSecondAttemptBeganWithIsSaidByTheThird() {
    say("Of course, yes.");
    pieces.timed(List.of(new Word("Of", 0, 200), new Word("course,", 200, 600)), 0);
    pieces.received(700 * 8);
    pieces.retracted(pieces.cut(0));
    assertThat(pieces.unspoken()).isEqualTo("yes.");

    int baseMs = pieces.receivedMs();
    pieces.timed(List.of(new Word("yes.", 0, 600)), baseMs);
    pieces.received(500 * 8);

    assertThat(pieces.cut(baseMs)).isEqualTo(500 * 8);
    assertThat(pieces.unspoken()).isEqualTo("yes.");
    assertThat(pieces.cutAtItsEnd()).isFalse();
  }

  @Test
  void ofAVoiceThatTellsNoWordsWhatItProbablySaidStands() {
    say("Of course, yes.");
    pieces.received(700 * 8);

    assertThat(pieces.cut(0)).isZero();
    assertThat(pieces.unspoken()).isEqualTo("yes.");
  }

  private void say(String text) {
    pieces.add(text);
    pieces.send();
  }
}
