package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineLimitsTest {
  private static final long FRAME = 20_000_000;
  private final LineLimits limits = new LineLimits(Duration.ofSeconds(20), 0);

  @Test
  void aLineInRealTimeIsNeverCut() {
    for (int i = 0; i < 50 * 3600; i++) {
      // The other clock runs one in a thousand faster.
      long now = i * FRAME - i * FRAME / 1000;
      assertThat(limits.message(now)).isTrue();
      assertThat(limits.sound(160, now)).as("frame %d", i).isTrue();
    }
  }

  @Test
  void whatANetworkHeldUpIsTakenAtOnce() {
    long stalled = Duration.ofSeconds(19).toNanos();
    for (int i = 0; i < 50 * 19; i++) {
      assertThat(limits.message(stalled)).isTrue();
      assertThat(limits.sound(160, stalled)).as("frame %d", i).isTrue();
    }
  }

  @Test
  void soundBeyondRealTimeIsNot() {
    int taken = 0;
    for (int i = 0; i < 5000; i++) {
      taken += limits.sound(160, Duration.ofSeconds(1).toNanos()) ? 1 : 0;
    }
    assertThat(taken).isBetween(4 * 50, 4 * 50 + 5);
  }

  @Test
  void soonNoCarrierSendsSoMany() {
    int taken = 0;
    while (limits.message(0)) {
      taken++;
    }
    assertThat(taken).isBetween(4000, 5000);
    assertThat(limits.message(Duration.ofSeconds(1).toNanos())).isTrue();
  }
}
