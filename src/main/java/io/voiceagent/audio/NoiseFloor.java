package io.voiceagent.audio;

/**
 * How loud the noise of one band is, and how much it swings. Where nobody speaks the floor follows the level; while
 * somebody does, it only falls into the gaps that speech leaves. What is too steady for speech is noise, and what goes on
 * for too long becomes noise little by little. All in dB of full scale; one call per frame of 20 ms.
 */
final class NoiseFloor {
  /** Steadiness is judged over two of these, 480 ms: no syllable is held so evenly. */
  private static final int PART_FRAMES = 12;
  /** Largest swing of the smoothed level that is steady; white noise in the narrowest band stays below it. */
  private static final double STEADY_DB = 7;

  private static final double SMOOTHING = 0.35;
  private static final double FOLLOW = 0.06;
  private static final double FOLLOW_SWING = 0.03;
  private static final double FALL = 0.3;
  /** One odd frame must not move the floor far. */
  private static final double MOST_DB = 12;

  private final double rise;
  private double floor;
  private double swing;
  private double smoothed = Double.NaN;
  private int frames;
  private double lowest = Double.POSITIVE_INFINITY;
  private double highest = Double.NEGATIVE_INFINITY;
  private double lowestBefore = Double.NEGATIVE_INFINITY;
  private double highestBefore = Double.POSITIVE_INFINITY;

  /** @param rise dB per frame by which it follows sound that does not end */
  NoiseFloor(double rise) {
    this.rise = rise;
  }

  double db() {
    return floor;
  }

  /** Mean distance of a frame of noise from the floor, dB. */
  double swing() {
    return swing;
  }

  /** @param endless the speech has lasted without a pause for longer than one breath's syllables do */
  void follow(double level, boolean speech, boolean endless) {
    smoothed = Double.isNaN(smoothed) ? level : smoothed + SMOOTHING * (level - smoothed);
    lowest = Math.min(lowest, smoothed);
    highest = Math.max(highest, smoothed);
    if (frames < PART_FRAMES) {
      // Nothing is known yet: whatever the line begins with is noise until it is left.
      floor = lowest;
    }
    if (++frames % PART_FRAMES == 0) {
      takeSteadyForNoise();
    }
    if (!speech) {
      double difference = Math.max(-MOST_DB, Math.min(MOST_DB, level - floor));
      floor += FOLLOW * difference;
      swing += FOLLOW_SWING * (Math.abs(difference) - swing);
    } else if (smoothed < floor) {
      floor += FALL * (smoothed - floor);
    } else if (endless) {
      floor += Math.min(rise, smoothed - floor);
    }
  }

  private void takeSteadyForNoise() {
    double least = Math.min(lowest, lowestBefore);
    double most = Math.max(highest, highestBefore);
    if (most - least < STEADY_DB) {
      floor = Math.max(floor, (least + most) / 2);
    }
    lowestBefore = lowest;
    highestBefore = highest;
    lowest = Double.POSITIVE_INFINITY;
    highest = Double.NEGATIVE_INFINITY;
  }
}
