package io.voiceagent.stt;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.audio.AudioFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AudioLogTest {
  private final AudioLog log = new AudioLog(160 * 10);

  @Test
  void aNewSocketIsToldEverythingSinceTheLastAnswerInItsOldOrder() {
    add(1, 2);
    log.addFinalize(7);
    add(3, 4);
    log.addFinalize(8);
    giveAll();
    assertThat(log.flushed()).isEqualTo(7);

    log.rewind();

    assertThat(giveAll()).containsExactly("3", "4", "finalize");
    assertThat(log.flushed()).isEqualTo(8);
    assertThat(log.flushed()).isZero();
    assertThat(log.givenBytes()).isZero();
  }

  @Test
  void whatIsGivenAgainIsKnownToBe() {
    add(1);
    giveAll();
    log.rewind();
    add(2);

    assertThat(Objects.requireNonNull(log.peek()).repeated()).isTrue();
    log.gave(0);
    assertThat(Objects.requireNonNull(log.peek()).repeated()).isFalse();
  }

  @Test
  void theOldestWaitingAudioGoesFirstAndFinalizesStay() {
    add(1, 2, 3);
    log.addFinalize(9);
    add(4);

    assertThat(log.dropWaiting(160 * 2)).isEqualTo(2);
    assertThat(giveAll()).containsExactly("3", "finalize", "4");
  }

  @Test
  void r41_whatIsKeptOfThePastIsBounded() {
    for (int i = 0; i < 1000; i++) {
      add(i);
      giveAll();
    }
    assertThat(log.givenBytes()).isEqualTo(1600);
  }

  @Test
  void coveredAudioDoesNotReachBeyondAnUnansweredFinalize() {
    add(1);
    log.addFinalize(5);
    add(2);
    giveAll();
    log.covered(10_000_000_000L);

    log.rewind();
    assertThat(giveAll()).containsExactly("finalize", "2");
  }

  @Test
  void whatWasGivenInABurstCountsAsHeardNoFasterThanOneSpeaks() {
    add(1, 2, 3, 4);
    giveAll();

    log.covered(41_000_000);

    assertThat(log.givenBytes()).as("of 80 ms given at once 40 may be heard").isEqualTo(160);
  }

  private void add(int... frames) {
    for (int frame : frames) {
      byte[] bytes = new byte[160];
      log.add(new AudioFrame(bytes, frame));
    }
  }

  private List<String> giveAll() {
    List<String> given = new ArrayList<>();
    for (AudioLog.Entry entry = log.peek(); entry != null; entry = log.peek()) {
      AudioFrame frame = entry.frame();
      given.add(frame == null ? "finalize" : String.valueOf(frame.at()));
      log.gave(0);
    }
    return given;
  }
}
