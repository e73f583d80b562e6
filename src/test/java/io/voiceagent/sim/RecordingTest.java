package io.voiceagent.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@code call --out} writes. */
class RecordingTest {
  private static final int FRAME = 160;
  private static final int TICKS_PER_HOUR = 180_000;

  private record Said(int tick, byte[] sound) {}

  /** The caller's clock ticks every 20 ms by an absolute schedule: the recording must not leave it by a sample. */
  @Test
  void r21_anHoursRecordingHoldsEverySoundWhereItWasPlayed() {
    Random random = new Random(21);
    CallerEar ear = new CallerEar(mark -> {}, word -> {}, true);
    List<Said> all = new ArrayList<>();
    int free = 0;
    for (int tick = 0; tick < TICKS_PER_HOUR; tick++) {
      if (tick >= free && random.nextInt(200) == 0) {
        byte[] sound = new byte[1 + random.nextInt(30_000)];
        random.nextBytes(sound);
        // As messages of any size, some of them ahead of time.
        for (int from = 0; from < sound.length; ) {
          int to = Math.min(sound.length, from + 1 + random.nextInt(1600));
          ear.media(Arrays.copyOfRange(sound, from, to), false);
          from = to;
        }
        ear.mark("end");
        all.add(new Said(tick, sound));
        free = tick + sound.length / FRAME + 2;
      }
      ear.tick();
    }

    byte[] recording = ear.recording();
    assertThat(recording).hasSize(TICKS_PER_HOUR * FRAME);
    assertThat(all).hasSizeGreaterThan(300);
    for (Said said : all) {
      int from = said.tick() * FRAME;
      int to = Math.min(recording.length, from + said.sound().length);
      assertThat(Arrays.equals(recording, from, to, said.sound(), 0, to - from))
          .as("sound at tick %d", said.tick())
          .isTrue();
    }
  }
}
