package io.voiceagent.audio;

import java.util.Arrays;

/**
 * Changes the sample rate of a stream of 16-bit linear mono sound. Stateful: the pieces in which the sound comes leave no
 * trace in the result. A polyphase windowed-sinc filter; what lies above half of the lower rate is removed, not folded
 * back. One per stream.
 */
public final class Resampler {
  /** Zero crossings of the sinc on each side of its middle, at the lower rate. */
  private static final int CROSSINGS = 24;
  /** Of the Kaiser window: stop band about -80 dB. */
  private static final double BETA = 8;
  /** Part of the lower Nyquist rate that is kept. */
  private static final double PASS = 0.93;

  private final int up;
  private final int down;
  private final int taps;
  private final float[][] phases;
  private float[] history;
  private int kept;
  /** Where the next output lies, in input samples times {@code up}, from the start of the history. */
  private long next;

  public Resampler(int fromHz, int toHz) {
    if (fromHz <= 0 || toHz <= 0) {
      throw new IllegalArgumentException("rates must be positive: " + fromHz + " to " + toHz);
    }
    int common = gcd(fromHz, toHz);
    up = toHz / common;
    down = fromHz / common;
    double cutoff = PASS * Math.min(1, (double) toHz / fromHz);
    int half = (int) Math.ceil(CROSSINGS / Math.min(1, (double) toHz / fromHz));
    taps = 2 * half;
    phases = new float[up][taps];
    for (int phase = 0; phase < up; phase++) {
      fill(phases[phase], half, (double) phase / up, cutoff);
    }
    // Half a filter of silence before the first sample: the result is not delayed.
    history = new float[taps];
    kept = half - 1;
  }

  /** More sound; returns what can be said of it at the new rate. */
  public short[] accept(short[] in) {
    if (kept + in.length > history.length) {
      history = Arrays.copyOf(history, Math.max(history.length * 2, kept + in.length));
    }
    for (short sample : in) {
      history[kept++] = sample;
    }
    int room = (int) Math.max(0, ((long) (kept - taps + 1) * up - next + down - 1) / down);
    short[] out = new short[room];
    int made = 0;
    while (next / up + taps <= kept && made < room) {
      out[made++] = at((int) (next / up), phases[(int) (next % up)]);
      next += down;
    }
    int done = (int) Math.min(next / up, kept);
    System.arraycopy(history, done, history, 0, kept - done);
    kept -= done;
    next -= (long) done * up;
    return made == room ? out : Arrays.copyOf(out, made);
  }

  /** No more will come: the rest. */
  public short[] finish() {
    return accept(new short[taps / 2]);
  }

  private short at(int from, float[] filter) {
    float sum = 0;
    for (int k = 0; k < taps; k++) {
      sum += history[from + k] * filter[k];
    }
    return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sum)));
  }

  private static void fill(float[] filter, int half, double fraction, double cutoff) {
    double total = 0;
    double[] values = new double[filter.length];
    for (int k = 0; k < filter.length; k++) {
      double x = k - (half - 1) - fraction;
      double window = bessel(BETA * Math.sqrt(Math.max(0, 1 - (x / half) * (x / half))));
      double sinc = x == 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x);
      values[k] = sinc * window;
      total += values[k];
    }
    for (int k = 0; k < filter.length; k++) {
      filter[k] = (float) (values[k] / total);
    }
  }

  /** Modified Bessel function of order 0. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-12; k++) {
      term *= (x / 2 / k) * (x / 2 / k);
      sum += term;
    }
    return sum;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
