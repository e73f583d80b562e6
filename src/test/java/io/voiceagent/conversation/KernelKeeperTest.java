package io.voiceagent.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Word;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelKeeperTest {
  private static final Word A = new Word("a", 0, 100);
  private static final Word TIME = new Word("time", 100, 1600);
  private static final Word THERE = new Word("there", 1600, 2000);

  /** A machine that stands still plays no more than the carrier has; when its line breaks tells nothing of that. */
  @Test
  void wordsThatWereMadeButCannotHaveBeenSentAreNotHeard() {
    List<Word> made = List.of(A, TIME, THERE);

    assertThat(KernelKeeper.hearable(made, Duration.ofMillis(400))).containsExactly(A, TIME);
  }

  @Test
  void aCarrierThatIsSentMoreAheadHoldsMore() {
    List<Word> made = List.of(A, TIME, THERE);

    assertThat(KernelKeeper.hearable(made, Duration.ofMillis(800))).isEqualTo(made);
    assertThat(KernelKeeper.hearable(made, Duration.ofMillis(200))).containsExactly(A);
  }
}
