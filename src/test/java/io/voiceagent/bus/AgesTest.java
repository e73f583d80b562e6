package io.voiceagent.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgesTest {
  /** The other node's clock is so far behind ours. */
  private static final long APART = 7_000_000;

  private final Ages ages = new Ages(3_000);

  @Test
  void whatWaitedInACutNetworkIsAsOldAsItIs() {
    say(1_000, 2);
    say(1_500, 0);

    assertThat(say(2_000, 28_000)).isEqualTo(28_000);
    assertThat(say(31_000, 3)).isEqualTo(3);
  }

  @Test
  void aLongSilenceIsNoAge() {
    say(1_000, 0);

    assertThat(say(3_600_000, 1)).isZero();
  }

  @Test
  void clocksMayDrift() {
    for (int minute = 0; minute < 24 * 60; minute++) {
      // Four seconds a day.
      assertThat(say(minute * 60_000L, minute * 4_000L / (24 * 60))).isLessThan(20);
    }
  }

  @Test
  void theLeastOfTheTwoMinutesBeforeStillCounts() {
    say(0, 1);
    for (long at = 1_000; at < 125_000; at += 1_000) {
      say(at, 40);
    }

    assertThat(say(126_000, 28_000)).isEqualTo(27_999);
  }

  @Test
  void aMachineThatWasHaltedIsHeardAgainSoon() {
    say(1_000, 0);
    long halted = 60_000;
    int unheard = 0;
    for (long at = 2_000; at < 10_000; at += 100) {
      if (ages.tooOld(ages.of("node", at, at + APART + halted))) {
        unheard++;
      }
    }

    assertThat(unheard).isEqualTo(20);
  }

  @Test
  void manyThatWaitedAreAllTooOld() {
    say(1_000, 0);
    for (long at = 2_000; at < 25_000; at += 100) {
      // All of them arrive within half a second.
      long age = ages.of("node", at, 30_000 + at / 50 + APART);
      assertThat(ages.tooOld(age)).isTrue();
    }

    assertThat(say(33_000, 1)).isEqualTo(1);
  }

  @Test
  void nodesHaveClocksOfTheirOwn() {
    say(1_000, 0);

    assertThat(ages.of("other", 99_000_000, 1_000 + APART)).isZero();
  }

  private long say(long at, long underWay) {
    return ages.of("node", at, at + APART + underWay);
  }
}
