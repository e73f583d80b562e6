package io.voiceagent.sim;

import io.voiceagent.audio.MuLaw;

/**
 * Hears the words in sound made by {@link Modem}, cut into pieces anywhere, with silence, noise or a missing part
 * anywhere. Silence costs next to nothing.
 */
public final class ModemDecoder {
  /**
   * A word that was heard whole.
   *
   * @param startSample where it began, in samples since the first one fed
   */
  public record Heard(String word, int utterance, int place, long startSample, long endSample) {}

  /** Hears words, and frames that began well and did not end so. */
  public interface Listener {
    void heard(Heard word);

    /** A frame that was cut or disturbed. */
    default void garbled(long atSample) {}
  }

  private static final int N = Modem.SYMBOL_SAMPLES;
  private static final int PREAMBLE = Modem.PREAMBLE.length * N;
  private static final int HEADER = PREAMBLE + 12 * N;
  private static final int LONGEST = HEADER + (Modem.MAX_WORD * 3 + 4) * N;
  /** Below this amplitude a sample is silence to the hunt. */
  private static final int QUIET = 600;

  private static final float[][] COS = new float[4][N];
  private static final float[][] SIN = new float[4][N];

  static {
    for (int tone = 0; tone < 4; tone++) {
      for (int n = 0; n < N; n++) {
        double angle = 2 * Math.PI * Modem.TONES_HZ[tone] * n / 8000;
        COS[tone][n] = (float) Math.cos(angle);
        SIN[tone][n] = (float) Math.sin(angle);
      }
    }
  }

  private final Listener listener;
  private final short[] samples = new short[2 * LONGEST];
  private int begin;
  private int end;
  private long beginSample;
  private boolean aligned;

  public ModemDecoder(Listener listener) {
    this.listener = listener;
  }

  public void accept(byte[] mulaw) {
    accept(mulaw, 0, mulaw.length);
  }

  public void accept(byte[] mulaw, int from, int length) {
    int next = from;
    while (next < from + length) {
      int taken = Math.min(from + length - next, samples.length - end);
      for (int i = 0; i < taken; i++) {
        samples[end++] = MuLaw.decode(mulaw[next + i]);
      }
      next += taken;
      decode();
      compact();
    }
  }

  private void decode() {
    while (true) {
      if (!aligned && !align()) {
        return;
      }
      if (end - begin < HEADER) {
        return;
      }
      int utterance = octet(begin + PREAMBLE);
      int place = octet(begin + PREAMBLE + 4 * N);
      int letters = octet(begin + PREAMBLE + 8 * N);
      if (letters > Modem.MAX_WORD || letters == 0) {
        garbled();
        continue;
      }
      int frame = HEADER + (letters * 3 + 4) * N;
      if (end - begin < frame) {
        return;
      }
      String word = word(letters);
      if (octet(begin + frame - 4 * N) != Modem.checksum(word, utterance, place)) {
        garbled();
        continue;
      }
      listener.heard(new Heard(word, utterance, place, beginSample, beginSample + frame));
      skip(frame);
      aligned = false;
    }
  }

  /** Finds the next preamble and puts {@code begin} on it. */
  private boolean align() {
    while (true) {
      while (begin < end && Math.abs(samples[begin]) < QUIET) {
        skip(1);
      }
      if (end - begin < PREAMBLE + N) {
        return false;
      }
      if (preambleAt(begin)) {
        settle();
        aligned = true;
        return true;
      }
      skip(1);
    }
  }

  /** Of the places around, where the preamble is strongest. */
  private void settle() {
    int best = begin;
    float strongest = strength(begin);
    for (int at = begin + 1; at < begin + N && at + PREAMBLE <= end; at++) {
      float strength = strength(at);
      if (strength > strongest) {
        strongest = strength;
        best = at;
      }
    }
    skip(best - begin);
  }

  private void garbled() {
    listener.garbled(beginSample);
    skip(1);
    aligned = false;
  }

  private boolean preambleAt(int at) {
    for (int i = 0; i < Modem.PREAMBLE.length; i++) {
      if (symbol(at + i * N) != Modem.PREAMBLE[i]) {
        return false;
      }
    }
    return true;
  }

  private float strength(int at) {
    float sum = 0;
    for (int i = 0; i < Modem.PREAMBLE.length; i++) {
      sum += power(at + i * N, Modem.PREAMBLE[i]);
    }
    return sum;
  }

  private String word(int letters) {
    StringBuilder word = new StringBuilder(letters);
    for (int i = 0; i < letters; i++) {
      int at = begin + HEADER + i * 3 * N;
      int letter = symbol(at) << 4 | symbol(at + N) << 2 | symbol(at + 2 * N);
      word.append(Modem.LETTERS.charAt(Math.min(letter, Modem.LETTERS.length() - 1)));
    }
    return word.toString();
  }

  private int octet(int at) {
    return symbol(at) << 6 | symbol(at + N) << 4 | symbol(at + 2 * N) << 2 | symbol(at + 3 * N);
  }

  private int symbol(int at) {
    int best = 0;
    float strongest = -1;
    for (int tone = 0; tone < 4; tone++) {
      float power = power(at, tone);
      if (power > strongest) {
        strongest = power;
        best = tone;
      }
    }
    return best;
  }

  private float power(int at, int tone) {
    float real = 0;
    float imaginary = 0;
    float[] cos = COS[tone];
    float[] sin = SIN[tone];
    for (int n = 0; n < N; n++) {
      real += samples[at + n] * cos[n];
      imaginary += samples[at + n] * sin[n];
    }
    return real * real + imaginary * imaginary;
  }

  private void skip(int count) {
    begin += count;
    beginSample += count;
  }

  private void compact() {
    if (begin == end) {
      begin = 0;
      end = 0;
    } else if (begin > samples.length / 2 || end == samples.length) {
      System.arraycopy(samples, begin, samples, 0, end - begin);
      end -= begin;
      begin = 0;
    }
  }
}
