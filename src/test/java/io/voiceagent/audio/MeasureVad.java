package io.voiceagent.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of docs/turn-taking.md: voice activity on speech of many voices, in noise and in the echo of our own. */
final class MeasureVad {
  private static final double SPEECH_DB = -26;
  private static final double OWN_DB = -20;
  private static final int NOISE_ONLY_MS = 60_000;
  private static final int ECHO_DELAY_MS = 180;
  private static final long SEED = 5;

  private MeasureVad() {}

  public static void main(String[] args) throws Exception {
    List<EspeakVoice.Spoken> corpus = EspeakVoice.corpus();
    if (args.length == 2 && args[0].equals("--fixtures")) {
      writeFixtures(corpus, Path.of(args[1]));
      return;
    }
    List<short[]> speech = corpus.stream().map(EspeakVoice.Spoken::samples).toList();
    int samples = (VadScore.LEARN_MS + NOISE_ONLY_MS) * 8
        + speech.stream().mapToInt(it -> it.length + 16_000).sum()
        + 16_000;
    noise(speech, samples);
    echo(speech, samples);
  }

  /** Every fifth, as the tests read them. */
  private static void writeFixtures(List<EspeakVoice.Spoken> corpus, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < corpus.size(); i += 5) {
      EspeakVoice.Spoken spoken = corpus.get(i);
      byte[] mulaw = new byte[spoken.samples().length];
      for (int n = 0; n < mulaw.length; n++) {
        mulaw[n] = MuLaw.encode(spoken.samples()[n]);
      }
      Files.write(
          folder.resolve(String.format("%02d-%s.ulaw", i, spoken.voice().replace('+', '-'))),
          mulaw);
    }
  }

  private static void noise(List<short[]> speech, int samples) {
    Map<String, double[]> noises = new LinkedHashMap<>();
    noises.put("white", Noise.white(samples, 1));
    noises.put("hum", Noise.hum(samples, 2));
    noises.put("babble", Noise.babble(samples, 3, speech, 12));
    noises.put("music", Noise.music(samples, 4));
    System.out.printf(
        "%d utterances at %.0f dBov, %d s of noise alone; delays in ms%n%n",
        speech.size(), SPEECH_DB, NOISE_ONLY_MS / 1000);
    head("noise");
    for (double level : new double[] {-20, -26, -36}) {
      VadScore.Line line = VadScore.line(
          speech, level, new double[samples], Double.POSITIVE_INFINITY, NOISE_ONLY_MS, SEED);
      row(String.format(Locale.ROOT, "none, speech at %.0f", level), VadScore.of(line, energy()));
    }
    for (Map.Entry<String, double[]> noise : noises.entrySet()) {
      for (double snr : new double[] {20, 10, 5}) {
        VadScore.Line line =
            VadScore.line(speech, SPEECH_DB, noise.getValue(), snr, NOISE_ONLY_MS, SEED);
        row(
            String.format(Locale.ROOT, "%s, %.0f dB", noise.getKey(), snr),
            VadScore.of(line, energy()));
      }
    }
  }

  /** We talk without a pause; the line gives back what it gives back. */
  private static void echo(List<short[]> speech, int samples) {
    double[] own = Noise.babble(samples, 7, speech, 1);
    System.out.printf(
        "%nour own voice at %.0f dBov without a pause, its echo after %d ms%n%n",
        OWN_DB, ECHO_DELAY_MS);
    head("echo");
    for (double loss : new double[] {20, 30, 60}) {
      for (double level : new double[] {-26, -36}) {
        double[] back = new double[samples];
        System.arraycopy(own, 0, back, ECHO_DELAY_MS * 8, samples - ECHO_DELAY_MS * 8);
        VadScore.Line line =
            VadScore.line(speech, level, back, level - OWN_DB + loss, NOISE_ONLY_MS, SEED);
        EchoGuard guard = new EchoGuard(energy(), 20);
        row(
            String.format(Locale.ROOT, "-%.0f dB, caller at %.0f", loss, level),
            VadScore.of(line, guarded(guard, own)));
        if (level == SPEECH_DB) {
          row("the same without a guard", VadScore.of(line, energy()));
        }
      }
    }
  }

  /** Hands the guard 100 ms of our voice at a time, 400 ms ahead, as the playout does. */
  private static VoiceDetector guarded(EchoGuard guard, double[] own) {
    byte[] sent = new byte[own.length];
    for (int i = 0; i < sent.length; i++) {
      double sample = own[i] * 32768 * Math.pow(10, OWN_DB / 20);
      sent[i] = MuLaw.encode((int) Math.max(-32768, Math.min(32767, sample)));
    }
    int[] next = new int[1];
    return (mulaw, from, length, at) -> {
      while (next[0] + 800 <= sent.length && next[0] / 8 < at / 1_000_000 + 400) {
        guard.sent(sent, next[0], 800, Math.max(1, at - 20_000_000));
        next[0] += 800;
      }
      return guard.voiced(mulaw, from, length, at);
    };
  }

  private static VoiceDetector energy() {
    return new EnergyDetector(EnergyDetector.Options.DEFAULTS);
  }

  private static void head(String first) {
    List<String> columns = new ArrayList<>(List.of(first, "missed", "merged", "splits"));
    columns.addAll(List.of("false/min", "of them >= 120 ms", "onset p50", "p95"));
    columns.addAll(List.of("release p50", "p95", "at start"));
    System.out.println("| " + String.join(" | ", columns) + " |");
    System.out.println("|" + "---|".repeat(columns.size()));
  }

  private static void row(String what, VadScore.Result of) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %d | %.1f | %.1f | %d | %d | %d | %d | %d |%n",
        what,
        of.missed(),
        of.merged(),
        of.splits(),
        of.falsePerMinute(),
        of.falseSustained(),
        of.onset(0.5),
        of.onset(0.95),
        of.release(0.5),
        of.release(0.95),
        of.startMs());
  }
}
