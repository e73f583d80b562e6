package io.voiceagent.load;

import io.voiceagent.sim.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Who calls: each caller decided by its number and the seed alone, whatever order they come in. */
final class CallerMix {
  private static final List<String> LINES = List.of(
      "hello this is caller TAG",
      "TAG would like a table for four tomorrow",
      "what time do you open on sunday TAG",
      "please put TAG on the list for the evening",
      "TAG has one more question about the garden",
      "can TAG bring a small dog");
  /** Said again and again while the call is held; all are said at least once, so few make short calls possible. */
  private static final int LINES_OF_A_CALLER = 2;

  private static final long ANSWER_MS = 15_000;
  private static final long GREETING_MS = 3000;
  private static final int NOISE_AMPLITUDE = 90;
  private static final long SLOW_READ_MS = 60;
  private static final int WORDS_BEFORE_BARGE_IN = 4;

  private final LoadProfile profile;

  CallerMix(LoadProfile profile) {
    this.profile = profile;
  }

  Scenario caller(ArrivalPlan.Arrival arrival) {
    Random random = new Random(profile.seed() * 1_000_003L + arrival.number());
    // Scrambles the neighbourhood of seeds.
    random.nextLong();
    boolean bargeIn = random.nextDouble() < profile.bargeIn();
    int noise = random.nextDouble() < profile.noise() ? NOISE_AMPLITUDE : 0;
    String digits = random.nextDouble() < profile.dtmf() ? "12#" : "";
    boolean abrupt = random.nextDouble() < profile.abrupt();
    long slowRead = random.nextDouble() < profile.slowReaders() ? SLOW_READ_MS : 0;
    boolean story = random.nextDouble() < profile.stories();
    long think = Math.round(profile.think().toMillis() * (0.5 + random.nextDouble()));
    return new Scenario(
        lines(arrival.number(), story || bargeIn, random),
        bargeIn,
        WORDS_BEFORE_BARGE_IN,
        think,
        GREETING_MS,
        ANSWER_MS,
        noise,
        digits,
        abrupt,
        slowRead,
        arrival.holdMs());
  }

  /** The answers repeat what was said: a caller who hears another's name was connected to another's call. */
  private static List<String> lines(int number, boolean story, Random random) {
    String tag = "k" + Integer.toString(number, 36);
    List<String> lines = new ArrayList<>();
    int from = random.nextInt(LINES.size());
    for (int i = 0; i < LINES_OF_A_CALLER; i++) {
      lines.add(LINES.get((from + i) % LINES.size()).replace("TAG", tag));
    }
    if (story) {
      lines.set(0, "tell me a story " + tag);
    }
    return lines;
  }
}
