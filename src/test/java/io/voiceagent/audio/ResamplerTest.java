package io.voiceagent.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerTest {
  /** Everything that is not the tone, against the tone: what G.711 itself leaves is below 1 %. */
  @ParameterizedTest
  @CsvSource({
    "22050, 8000, 300", "22050, 8000, 1000", "22050, 8000, 3400",
    "16000, 8000, 1000", "44100, 8000, 1000", "48000, 8000, 3000",
    "24000, 8000, 2000", "8000, 16000, 1000", "8000, 22050, 3000"
  })
  void r20_aToneKeepsItsShapeAcrossPieces(int from, int to, double hertz) {
    short[] tone = tone(from, hertz, 16_000, from * 2);

    short[] out = inPieces(new Resampler(from, to), tone, new Random(1));

    assertThat(out.length).isBetween(to * 2 - 2, to * 2 + 2);
    assertThat(distortionDb(out, to, hertz)).isLessThan(-75);
    assertThat(distortionDb(throughMuLaw(out), to, hertz)).isLessThan(-36);
    assertThat(20 * Math.log10(amplitude(out, to, hertz) / 16_000)).isBetween(-0.1, 0.1);
  }

  @ParameterizedTest
  @CsvSource({"22050, 5000", "22050, 7900", "16000, 4600", "44100, 12000"})
  void r20_whatIsTooHighForTheNewRateIsRemovedAndNotFoldedBack(int from, double hertz) {
    short[] out =
        inPieces(new Resampler(from, 8000), tone(from, hertz, 16_000, from), new Random(2));

    double power = 0;
    for (int i = 800; i < out.length - 800; i++) {
      power += (double) out[i] * out[i];
    }
    assertThat(10 * Math.log10(power / (out.length - 1600) / (16_000.0 * 16_000 / 2) + 1e-12))
        .isLessThan(-70);
  }

  @Test
  void r20_thePiecesLeaveNoTrace() {
    short[] sound = new short[22_050];
    Random random = new Random(3);
    for (int i = 0; i < sound.length; i++) {
      sound[i] = (short) (random.nextGaussian() * 4000);
    }
    short[] whole = inPieces(new Resampler(22_050, 8000), sound, new Random(0), 1_000_000);

    for (int seed = 0; seed < 20; seed++) {
      assertThat(inPieces(new Resampler(22_050, 8000), sound, new Random(seed)))
          .as("seed " + seed)
          .isEqualTo(whole);
    }
  }

  /** G.711's own quality: about 38 dB over 40 dB of level. */
  @ParameterizedTest
  @CsvSource({"30000", "8000", "2000", "500"})
  void r20_muLawKeepsAToneCleanAtEveryLevel(int amplitude) {
    short[] tone = tone(8000, 1020, amplitude, 8000);

    assertThat(distortionDb(throughMuLaw(tone), 8000, 1020)).isLessThan(-30);
  }

  private static short[] inPieces(Resampler resampler, short[] sound, Random random) {
    return inPieces(resampler, sound, random, 999);
  }

  private static short[] inPieces(Resampler resampler, short[] sound, Random random, int most) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < sound.length; ) {
      int end = Math.min(sound.length, at + 1 + random.nextInt(most));
      write(out, resampler.accept(java.util.Arrays.copyOfRange(sound, at, end)));
      at = end;
    }
    write(out, resampler.finish());
    byte[] bytes = out.toByteArray();
    short[] all = new short[bytes.length / 2];
    java.nio.ByteBuffer.wrap(bytes).asShortBuffer().get(all);
    return all;
  }

  private static void write(ByteArrayOutputStream out, short[] samples) {
    for (short sample : samples) {
      out.write(sample >> 8);
      out.write(sample);
    }
  }

  private static short[] throughMuLaw(short[] samples) {
    short[] back = new short[samples.length];
    for (int i = 0; i < back.length; i++) {
      back[i] = MuLaw.decode(MuLaw.encode(samples[i]));
    }
    return back;
  }

  private static short[] tone(int rate, double hertz, int amplitude, int samples) {
    short[] tone = new short[samples];
    for (int i = 0; i < samples; i++) {
      tone[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / rate));
    }
    return tone;
  }

  private static double amplitude(short[] sound, int rate, double hertz) {
    double[] fit = fit(sound, rate, hertz);
    return Math.hypot(fit[0], fit[1]);
  }

  /** THD+N: what is left when the tone that fits best is taken away; the ends, where the filter fills, apart. */
  private static double distortionDb(short[] sound, int rate, double hertz) {
    double[] fit = fit(sound, rate, hertz);
    double rest = 0;
    double all = 0;
    for (int i = rate / 10; i < sound.length - rate / 10; i++) {
      double angle = 2 * Math.PI * hertz * i / rate;
      double difference = sound[i] - fit[0] * Math.cos(angle) - fit[1] * Math.sin(angle);
      rest += difference * difference;
      all += (double) sound[i] * sound[i];
    }
    return 10 * Math.log10(rest / all + 1e-15);
  }

  /** Least squares over whole periods. */
  private static double[] fit(short[] sound, int rate, double hertz) {
    double cc = 0;
    double ss = 0;
    double cs = 0;
    double xc = 0;
    double xs = 0;
    for (int i = rate / 10; i < sound.length - rate / 10; i++) {
      double c = Math.cos(2 * Math.PI * hertz * i / rate);
      double s = Math.sin(2 * Math.PI * hertz * i / rate);
      cc += c * c;
      ss += s * s;
      cs += c * s;
      xc += sound[i] * c;
      xs += sound[i] * s;
    }
    double det = cc * ss - cs * cs;
    return new double[] {(xc * ss - xs * cs) / det, (xs * cc - xc * cs) / det};
  }
}
