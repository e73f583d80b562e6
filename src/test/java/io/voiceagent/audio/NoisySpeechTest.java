package io.voiceagent.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Voice activity on a few recorded voices in noise: a small part of what {@code scripts/measure_vad.sh} measures, with
 * bounds a little above what was measured.
 */
class NoisySpeechTest {
  private static final int NOISE_ONLY_MS = 30_000;
  private static final double SPEECH_DB = -26;
  private static List<short[]> speech = List.of();
  private static int samples;

  @BeforeAll
  static void read() throws IOException {
    speech = EspeakVoice.fixtures();
    samples = (VadScore.LEARN_MS + NOISE_ONLY_MS) * 8
        + speech.stream().mapToInt(it -> it.length + 16_000).sum()
        + 16_000;
  }

  @ParameterizedTest
  @CsvSource({"-20", "-26", "-36"})
  void loudAndQuietCallersAreHeardOnACleanLine(double level) {
    VadScore.Result found = VadScore.of(
        VadScore.line(
            speech, level, new double[samples], Double.POSITIVE_INFINITY, NOISE_ONLY_MS, 1),
        energy());

    assertThat(found.missed() + found.merged() + found.splits()).isZero();
    assertThat(found.falsePerMinute()).isZero();
    assertThat(found.onset(0.5)).isLessThanOrEqualTo(60);
    assertThat(found.onset(0.95)).isLessThanOrEqualTo(200);
    assertThat(found.release(0.95)).isLessThanOrEqualTo(240);
  }

  @ParameterizedTest
  @CsvSource({
    // kind, SNR, onset p50, splits, false onsets per minute
    "white,  20,  60, 0, 0",
    "white,  10, 100, 2, 0",
    "white,   5, 140, 4, 0",
    "hum,    20,  60, 0, 0",
    "hum,    10,  60, 1, 0",
    "hum,     5,  80, 1, 0",
    "babble, 20,  60, 1, 3",
    "babble, 10, 140, 3, 3"
  })
  void speechIsToldFromNoise(String kind, double snr, int onset, int splits, int falseOnsets) {
    double[] noise = switch (kind) {
      case "white" -> Noise.white(samples, 11);
      case "hum" -> Noise.hum(samples, 12);
      default -> Noise.babble(samples, 13, speech, 12);
    };

    VadScore.Result found =
        VadScore.of(VadScore.line(speech, SPEECH_DB, noise, snr, NOISE_ONLY_MS, 1), energy());

    assertThat(found.missed() + found.merged()).isZero();
    assertThat(found.splits()).isLessThanOrEqualTo(splits);
    assertThat(found.falsePerMinute()).isLessThanOrEqualTo(falseOnsets);
    assertThat(found.onset(0.5)).isLessThanOrEqualTo(onset);
    assertThat(found.startMs()).isLessThanOrEqualTo(kind.equals("babble") ? 400 : 0);
  }

  @Test
  void faintMusicBehindACallerWhoWasHeardInterruptsRarely() {
    VadScore.Result found = VadScore.of(
        VadScore.line(speech, SPEECH_DB, Noise.music(samples, 14), 25, NOISE_ONLY_MS, 1), energy());

    assertThat(found.missed() + found.merged()).isZero();
    assertThat(found.falseSustained()).isLessThanOrEqualTo(10);
  }

  private static VoiceDetector energy() {
    return new EnergyDetector(EnergyDetector.Options.DEFAULTS);
  }
}
