package io.voiceagent.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EchoGuardTest {
  private static final int ECHO_DELAY_MS = 180;
  private static final int LEAD_MS = 400;
  private static final double OWN_DB = -20;
  private static List<short[]> speech = List.of();
  private static double[] own = {};

  @BeforeAll
  static void talk() throws IOException {
    speech = EspeakVoice.fixtures();
    own = Noise.babble(8 * 60_000, 7, speech, 1);
  }

  @Test
  void aLineEchoOfOurVoiceIsNotSpeech() {
    byte[] line = echo(-20);

    assertThat(voiced(playing(new EchoGuard(energy(), 20)), line)).isZero();
    assertThat(voiced(energy(), line))
        .as("frames that the detector alone takes for voice")
        .isGreaterThan(500);
  }

  @Test
  void aCallerIsHeardThroughTheEcho() {
    VadScore.Line line = VadScore.line(speech, -26, shifted(), -26 - OWN_DB + 20, 3000, 1);

    VadScore.Result found = VadScore.of(line, playing(new EchoGuard(energy(), 20)));

    assertThat(found.missed() + found.merged()).isZero();
    assertThat(found.falsePerMinute()).isZero();
    assertThat(found.onset(0.5)).isLessThanOrEqualTo(140);
  }

  @Test
  void aLineWithoutEchoSoonAsksNothingMoreOfAQuietCaller() {
    VadScore.Line line =
        VadScore.line(speech, -36, new double[own.length], Double.POSITIVE_INFINITY, 3000, 1);

    VadScore.Result found = VadScore.of(line, playing(new EchoGuard(energy(), 20)));

    assertThat(found.missed() + found.merged()).isZero();
    assertThat(found.onset(0.5)).isLessThanOrEqualTo(60);
  }

  @Test
  void whatWasClearedLeavesNoEcho() {
    EchoGuard guard = new EchoGuard((mulaw, from, length, at) -> true, 20);
    byte[] loud = tone(8000, 4000);
    byte[] faint = tone(100, 20);
    guard.sent(loud, 0, loud.length, ms(0));
    assertThat(guard.voiced(faint, 0, 160, ms(500))).isFalse();
    guard.cleared(ms(500));
    assertThat(guard.voiced(faint, 0, 160, ms(900)))
        .as("what was played may still come back")
        .isFalse();
    assertThat(guard.voiced(faint, 0, 160, ms(1200))).isTrue();
  }

  @Test
  void whatWasClearedIsNotExpectedWhenSomethingElseIsPlayedInItsPlace() {
    EchoGuard guard = new EchoGuard((mulaw, from, length, at) -> true, 20);
    byte[] loud = tone(8000, 4000);
    byte[] quiet = tone(400, 1000);
    byte[] caller = tone(200, 20);
    guard.sent(loud, 0, loud.length, ms(0));
    guard.cleared(ms(500));
    guard.sent(quiet, 0, quiet.length, ms(1000));

    assertThat(guard.voiced(caller, 0, 160, ms(1040)))
        .as("the end of what was played may still come back")
        .isFalse();
    assertThat(guard.voiced(caller, 0, 160, ms(1300))).isTrue();
  }

  private static int voiced(VoiceDetector detector, byte[] line) {
    int voiced = 0;
    for (int from = 0; from + 160 <= line.length; from += 160) {
      voiced += detector.voiced(line, from, 160, ms(from / 8 + 20)) ? 1 : 0;
    }
    return voiced;
  }

  /** As the playout does: 100 ms at a time, some way ahead. */
  private static VoiceDetector playing(EchoGuard guard) {
    byte[] sent = mulaw(own, OWN_DB);
    int[] next = new int[1];
    return (mulaw, from, length, at) -> {
      while (next[0] + 800 <= sent.length && next[0] / 8 < at / 1_000_000 + LEAD_MS) {
        guard.sent(sent, next[0], 800, at - ms(20));
        next[0] += 800;
      }
      return guard.voiced(mulaw, from, length, at);
    };
  }

  private static byte[] echo(double db) {
    return mulaw(shifted(), OWN_DB + db);
  }

  private static double[] shifted() {
    double[] back = new double[own.length];
    System.arraycopy(own, 0, back, ECHO_DELAY_MS * 8, own.length - ECHO_DELAY_MS * 8);
    return back;
  }

  private static byte[] mulaw(double[] samples, double db) {
    byte[] mulaw = new byte[samples.length];
    for (int i = 0; i < mulaw.length; i++) {
      double sample = samples[i] * 32768 * Math.pow(10, db / 20);
      mulaw[i] = MuLaw.encode((int) Math.max(-32768, Math.min(32767, sample)));
    }
    return mulaw;
  }

  private static byte[] tone(int amplitude, int ms) {
    byte[] tone = new byte[ms * 8];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = MuLaw.encode((int) (amplitude * Math.cos(2 * Math.PI * 500 * i / 8000)));
    }
    return tone;
  }

  private static VoiceDetector energy() {
    return new EnergyDetector(EnergyDetector.Options.DEFAULTS);
  }

  private static long ms(long ms) {
    return ms * 1_000_000;
  }
}
