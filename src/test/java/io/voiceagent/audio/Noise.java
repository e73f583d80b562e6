package io.voiceagent.audio;

import java.util.List;
import java.util.Random;

/** Noise of an unlimited length by seed, each at a mean power of 1. */
final class Noise {
  private Noise() {}

  /** White: a bad line. */
  static double[] white(int samples, long seed) {
    Random random = new Random(seed);
    double[] noise = new double[samples];
    for (int i = 0; i < samples; i++) {
      noise[i] = random.nextGaussian();
    }
    return normalised(noise);
  }

  /** Mains hum with its harmonics, breathing a little. */
  static double[] hum(int samples, long seed) {
    Random random = new Random(seed);
    double[] noise = new double[samples];
    for (int harmonic = 1; harmonic <= 16; harmonic++) {
      double phase = random.nextDouble() * 2 * Math.PI;
      double loud = 1.0 / harmonic * (harmonic % 2 == 0 ? 1 : 0.6);
      for (int i = 0; i < samples; i++) {
        double breath = 1 + 0.1 * Math.sin(2 * Math.PI * 0.7 * i / 8000);
        noise[i] += loud * breath * Math.sin(2 * Math.PI * 50 * harmonic * i / 8000.0 + phase);
      }
    }
    for (int i = 0; i < samples; i++) {
      noise[i] += 0.02 * random.nextGaussian();
    }
    return normalised(noise);
  }

  /** Plucked chords and a bass in four-four time, a shaker between them. */
  static double[] music(int samples, long seed) {
    Random random = new Random(seed);
    double[] noise = new double[samples];
    int beat = 8000 / 2;
    int[][] chords = {{220, 262, 330}, {175, 220, 262}, {262, 330, 392}, {196, 247, 294}};
    for (int start = 0, n = 0; start < samples; start += beat, n++) {
      int[] chord = chords[n / 4 % chords.length];
      for (int note : chord) {
        pluck(noise, start + random.nextInt(80), note * 2, 0.5 + random.nextDouble() * 0.5, 2500);
      }
      pluck(noise, start, chord[0] / 2, 1.2, 4000);
      for (int i = 0; i < 600 && start + beat / 2 + i < samples; i++) {
        noise[start + beat / 2 + i] += 0.5 * Math.exp(-i / 200.0) * random.nextGaussian();
      }
    }
    return normalised(noise);
  }

  private static void pluck(double[] noise, int start, double hertz, double loud, double decay) {
    for (int i = 0; i < 12_000 && start + i < noise.length; i++) {
      double angle = 2 * Math.PI * hertz * i / 8000;
      noise[start + i] += loud
          * Math.exp(-i / decay)
          * (Math.sin(angle) + 0.5 * Math.sin(2 * angle) + 0.25 * Math.sin(3 * angle));
    }
  }

  /** As many voices at once as a busy room has, each at its own place of its own text. */
  static double[] babble(int samples, long seed, List<short[]> voices, int talkers) {
    Random random = new Random(seed);
    double[] noise = new double[samples];
    for (int talker = 0; talker < talkers; talker++) {
      double loud = 0.6 + random.nextDouble() * 0.8;
      int at = -random.nextInt(16_000);
      while (at < samples) {
        short[] voice = voices.get(random.nextInt(voices.size()));
        double gain = loud / Math.sqrt(Levels.power(voice));
        for (int i = Math.max(0, -at); i < voice.length && at + i < samples; i++) {
          noise[at + i] += gain * voice[i];
        }
        at += voice.length + random.nextInt(1600);
      }
    }
    return normalised(noise);
  }

  private static double[] normalised(double[] noise) {
    double sum = 0;
    for (double sample : noise) {
      sum += sample * sample;
    }
    double gain = 1 / Math.sqrt(sum / noise.length);
    for (int i = 0; i < noise.length; i++) {
      noise[i] *= gain;
    }
    return noise;
  }
}
