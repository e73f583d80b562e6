package io.voiceagent.audio;

/** G.711 mu-law: 8 bits carry 14 bits of linear sound. Tables, checked against the ITU-T G.711 definition. */
public final class MuLaw {
  private static final int BIAS = 0x84;
  private static final int CLIP = 32635;
  private static final short[] LINEAR = new short[256];
  /** Squared amplitude, scaled down by 2^10 so that a frame's sum fits an int. */
  private static final int[] POWER = new int[256];

  static {
    for (int code = 0; code < 256; code++) {
      int value = ~code & 0xFF;
      int magnitude = (((value & 0x0F) << 3) + BIAS) << ((value & 0x70) >> 4);
      LINEAR[code] = (short) ((value & 0x80) != 0 ? BIAS - magnitude : magnitude - BIAS);
      POWER[code] = (LINEAR[code] * LINEAR[code]) >> 10;
    }
  }

  private static final double POWER_SCALE = 1024.0 / (32768.0 * 32768.0);
  static final double SILENCE_DB = -90;

  private MuLaw() {}

  /** One sample as 16-bit linear. */
  public static short decode(byte code) {
    return LINEAR[code & 0xFF];
  }

  /** 16-bit linear as one sample. */
  public static byte encode(int linear) {
    int sign = linear < 0 ? 0x80 : 0;
    int magnitude = Math.min(Math.abs(linear), CLIP) + BIAS;
    int exponent = 31 - Integer.numberOfLeadingZeros(magnitude) - 7;
    int mantissa = (magnitude >> (exponent + 3)) & 0x0F;
    return (byte) ~(sign | exponent << 4 | mantissa);
  }

  /** Mean power of {@code length} samples, in dB of full scale; silence is -90. */
  static double decibels(byte[] codes, int from, int length) {
    int sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += POWER[codes[i] & 0xFF];
    }
    return sum <= 0 ? SILENCE_DB : 10 * Math.log10(sum * POWER_SCALE / length);
  }
}
