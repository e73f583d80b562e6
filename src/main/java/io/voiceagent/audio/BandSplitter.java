package io.voiceagent.audio;

/**
 * How loud a run of 8 kHz sound is in five bands: 0-250, 250-500, 500-1000, 1000-2000 and 2000-4000 Hz. A tree of
 * half-band filters, each two all-passes of first order: what passes is halved in rate at every step, so that the whole
 * tree costs twice its first split. Stateful; one per stream.
 */
final class BandSplitter {
  static final int BANDS = 5;
  private static final int SPLITS = BANDS - 1;
  private static final float EVEN = 0.64f;
  private static final float ODD = 0.17f;
  /** Below this the sound is digital silence. */
  static final double QUIETEST_DB = -80;

  private static final double FULL_SCALE = 32768.0 * 32768.0;
  /**
   * Far below any sound. Without it the memories of the filters fade in digital silence to numbers so small that the
   * processor needs a hundred times as long for each.
   */
  private static final float NEVER_ZERO = 1e-6f;

  /** Of each split: the memory of both all-passes. */
  private final float[] even = new float[SPLITS];

  private final float[] odd = new float[SPLITS];
  private float[] low = new float[AudioFrame.FRAME_BYTES];

  /** Fills {@code decibels}, lowest band first, in dB of full scale; {@code length} is a multiple of 16. */
  void split(byte[] mulaw, int from, int length, double[] decibels) {
    if (low.length < length) {
      low = new float[length];
    }
    for (int i = 0; i < length; i++) {
      low[i] = MuLaw.decode(mulaw[from + i]) + NEVER_ZERO;
    }
    int samples = length;
    for (int split = 0; split < SPLITS; split++) {
      samples /= 2;
      decibels[BANDS - 1 - split] = decibels(halve(split, samples) / samples);
    }
    float sum = 0;
    for (int i = 0; i < samples; i++) {
      sum += low[i] * low[i];
    }
    decibels[0] = decibels(sum / samples);
  }

  /** Leaves the lower half at half the rate in {@code low}; returns the sum of squares of the upper half. */
  private float halve(int split, int samples) {
    float stateEven = even[split];
    float stateOdd = odd[split];
    float high = 0;
    for (int i = 0; i < samples; i++) {
      float a = stateEven + EVEN * low[2 * i];
      stateEven = low[2 * i] - EVEN * a;
      float b = stateOdd + ODD * low[2 * i + 1];
      stateOdd = low[2 * i + 1] - ODD * b;
      float difference = (a - b) * 0.5f;
      low[i] = (a + b) * 0.5f;
      high += difference * difference;
    }
    even[split] = stateEven;
    odd[split] = stateOdd;
    return high;
  }

  private static double decibels(float power) {
    return Math.max(QUIETEST_DB, 10 * Math.log10(power / FULL_SCALE + 1e-12));
  }
}
