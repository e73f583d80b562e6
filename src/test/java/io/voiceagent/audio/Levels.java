package io.voiceagent.audio;

/** Where speech is in a clean recording, and how loud. */
final class Levels {
  private static final int WINDOW = 80;

  private Levels() {}

  /** Mean square of the parts that sound: those within 35 dB of the loudest 10 ms. */
  static double power(short[] samples) {
    double[] windows = windows(samples);
    double loudest = loudest(windows);
    double sum = 0;
    int count = 0;
    for (double window : windows) {
      if (window > loudest * 3.2e-4) {
        sum += window;
        count++;
      }
    }
    return count == 0 ? 1 : sum / count;
  }

  /** First sample of speech: the first 10 ms within 25 dB of the mean level. */
  static int begin(short[] samples) {
    double[] windows = windows(samples);
    double limit = power(samples) * 3.2e-3;
    int i = 0;
    while (i < windows.length - 1 && windows[i] < limit) {
      i++;
    }
    return i * WINDOW;
  }

  /** One behind the last sample of speech. */
  static int end(short[] samples) {
    double[] windows = windows(samples);
    double limit = power(samples) * 3.2e-3;
    int i = windows.length - 1;
    while (i > 0 && windows[i] < limit) {
      i--;
    }
    return (i + 1) * WINDOW;
  }

  private static double loudest(double[] windows) {
    double loudest = 0;
    for (double window : windows) {
      loudest = Math.max(loudest, window);
    }
    return loudest;
  }

  private static double[] windows(short[] samples) {
    double[] windows = new double[samples.length / WINDOW];
    for (int w = 0; w < windows.length; w++) {
      double sum = 0;
      for (int i = w * WINDOW; i < (w + 1) * WINDOW; i++) {
        sum += (double) samples[i] * samples[i];
      }
      windows[w] = sum / WINDOW;
    }
    return windows;
  }
}
