package io.voiceagent.tts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SoundDueTest {
  private final SoundDue due = new SoundDue();

  @Test
  void aVoiceThatKeepsAheadLeavesNoSilence() {
    came(1000, 200);
    came(1100, 200);
    came(1400, 200);

    assertThat(silentMs()).isZero();
  }

  @Test
  void theSilencesOfASlowVoiceAddUp() {
    came(1000, 200);
    came(1300, 200);
    came(1650, 200);

    assertThat(silentMs()).isEqualTo(100 + 150);
  }

  @Test
  void whatCameAheadBridgesADelayOnce() {
    came(1000, 500);
    came(1400, 100);
    came(1700, 100);

    assertThat(silentMs()).isEqualTo(100);
  }

  @Test
  void theWaitForTheFirstSoundIsNoSilenceWithinIt() {
    came(90_000, 200);

    assertThat(silentMs()).isZero();
  }

  @Test
  void aPauseInWhichNothingWasOwedDoesNotCountAndAnEarlierSilenceIsForgotten() {
    came(1000, 200);
    came(1300, 200);
    due.waived();
    came(9000, 200);
    assertThat(silentMs()).isZero();

    came(9250, 200);
    assertThat(silentMs()).isEqualTo(50);
  }

  @Test
  void soundThatIsStillBeingHeardWhenNothingIsOwedBridgesWhatFollows() {
    came(1000, 3000);
    due.waived();
    came(2000, 100);
    came(4000, 100);

    assertThat(silentMs()).isZero();
  }

  @Test
  void theClockMayBeNegative() {
    came(-5000, 200);
    came(-4700, 200);

    assertThat(silentMs()).isEqualTo(100);
  }

  private void came(long atMs, int soundMs) {
    due.came(atMs * 1_000_000, soundMs * 8);
  }

  private long silentMs() {
    return due.silentNanos() / 1_000_000;
  }
}
