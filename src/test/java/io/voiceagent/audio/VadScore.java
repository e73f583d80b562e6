package io.voiceagent.audio;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a voice-activity detector makes of a line whose speech is known: utterances at known places in a noise that never
 * stops, preceded by a stretch of noise alone.
 */
final class VadScore {
  private static final int RATE = 8000;
  /** The noise floor may be learned for so long before errors count. */
  static final int LEARN_MS = 3000;

  /** A line and where its speech lies, milliseconds. */
  record Line(byte[] mulaw, List<int[]> speech, int noiseOnlyMs) {}

  /**
   * @param missed utterances of which nothing was seen
   * @param merged utterances that began while noise was taken for speech: no onset of their own
   * @param splits ends within an utterance
   * @param falsePerMinute onsets where nobody speaks, per minute of noise
   * @param falseSustained those that lasted long enough to interrupt the agent
   * @param startMs speech that was seen while the noise was new
   */
  record Result(
      int utterances,
      int missed,
      int merged,
      int splits,
      double falsePerMinute,
      double falseSustained,
      int[] onsetDelays,
      int[] releaseDelays,
      int startMs) {
    int onset(double quantile) {
      return at(onsetDelays, quantile);
    }

    int release(double quantile) {
      return at(releaseDelays, quantile);
    }

    private static int at(int[] sorted, double quantile) {
      return sorted.length == 0
          ? -1
          : sorted[Math.min(sorted.length - 1, (int) (quantile * sorted.length))];
    }
  }

  private VadScore() {}

  /**
   * @param speechDb level of the speech, dB of full scale
   * @param noise at power 1; as long as the line becomes
   * @param snr dB; infinite for none
   */
  static Line line(
      List<short[]> speech,
      double speechDb,
      double[] noise,
      double snr,
      int noiseOnlyMs,
      long seed) {
    Random random = new Random(seed);
    double noiseGain = Double.isInfinite(snr) ? 0 : 32768 * Math.pow(10, (speechDb - snr) / 20);
    double[] mixed = new double[noise.length];
    for (int i = 0; i < noise.length; i++) {
      mixed[i] = noise[i] * noiseGain;
    }
    List<int[]> places = new ArrayList<>();
    int at = (LEARN_MS + noiseOnlyMs / 3) * RATE / 1000;
    for (short[] utterance : speech) {
      at += RATE + random.nextInt(RATE);
      double gain = 32768 * Math.pow(10, speechDb / 20) / Math.sqrt(Levels.power(utterance));
      if (at + utterance.length + RATE * (1 + noiseOnlyMs * 2 / 3000) >= mixed.length) {
        break;
      }
      for (int i = 0; i < utterance.length; i++) {
        mixed[at + i] += utterance[i] * gain;
      }
      places.add(new int[] {
        (at + Levels.begin(utterance)) * 1000 / RATE, (at + Levels.end(utterance)) * 1000 / RATE
      });
      at += utterance.length;
    }
    byte[] mulaw = new byte[Math.min(mixed.length, at + RATE + noiseOnlyMs * 2 / 3 * RATE / 1000)];
    for (int i = 0; i < mulaw.length; i++) {
      mulaw[i] = MuLaw.encode((int) Math.max(-32768, Math.min(32767, Math.round(mixed[i]))));
    }
    return new Line(mulaw, places, noiseOnlyMs);
  }

  static Result of(Line line, VoiceDetector detector) {
    List<int[]> found = new ArrayList<>();
    boolean[] speaking = new boolean[1];
    boolean[] sustained = new boolean[1];
    int[] now = new int[1];
    List<Integer> begun = new ArrayList<>();
    Vad vad = new Vad(
        detector,
        Duration.ofMillis(40),
        Duration.ofMillis(200),
        Duration.ofMillis(120),
        new Vad.Listener() {
          @Override
          public void started(long onsetAt) {
            speaking[0] = true;
            sustained[0] = false;
            begun.add(now[0]);
          }

          @Override
          public void sustained(long onsetAt) {
            sustained[0] = true;
          }

          @Override
          public void ended(long lastVoicedAt, int voicedMs) {
            speaking[0] = false;
            found.add(new int[] {begun.get(begun.size() - 1), now[0], sustained[0] ? 1 : 0});
          }
        });
    int startMs = 0;
    for (int from = 0;
        from + AudioFrame.FRAME_BYTES <= line.mulaw().length;
        from += AudioFrame.FRAME_BYTES) {
      now[0] = (from + AudioFrame.FRAME_BYTES) / AudioFrame.BYTES_PER_MS;
      vad.accept(
          Arrays.copyOfRange(line.mulaw(), from, from + AudioFrame.FRAME_BYTES),
          now[0] * 1_000_000L);
      startMs += now[0] <= LEARN_MS && speaking[0] ? AudioFrame.FRAME_MS : 0;
    }
    if (speaking[0]) {
      found.add(new int[] {begun.get(begun.size() - 1), now[0], sustained[0] ? 1 : 0});
    }
    return score(line, found, now[0], startMs);
  }

  private static Result score(Line line, List<int[]> found, int lengthMs, int startMs) {
    int missed = 0;
    int merged = 0;
    int splits = 0;
    int[] onsets = new int[line.speech().size()];
    int[] releases = new int[line.speech().size()];
    int detected = 0;
    int released = 0;
    int speechMs = 0;
    for (int[] utterance : line.speech()) {
      speechMs += utterance[1] - utterance[0];
      int begin = -1;
      int end = -1;
      for (int[] piece : found) {
        boolean within = piece[0] >= utterance[0] - 60 && piece[0] <= utterance[1] + 60;
        if (within && begin < 0) {
          begin = piece[0];
        }
        if (within || begin >= 0 && piece[0] < utterance[1]) {
          splits += end >= 0 ? 1 : 0;
          end = piece[1];
        }
      }
      if (begin < 0) {
        boolean seen = found.stream().anyMatch(it -> it[0] < utterance[1] && it[1] > utterance[0]);
        merged += seen ? 1 : 0;
        missed += seen ? 0 : 1;
      } else {
        onsets[detected++] = begin - utterance[0];
        releases[released++] = end - utterance[1];
      }
    }
    int wrong = 0;
    int wrongSustained = 0;
    for (int[] piece : found) {
      boolean ofSpeech =
          line.speech().stream().anyMatch(it -> piece[0] >= it[0] - 60 && piece[0] <= it[1] + 60);
      if (!ofSpeech && piece[0] > LEARN_MS) {
        wrong++;
        wrongSustained += piece[2];
      }
    }
    double minutes = (lengthMs - LEARN_MS - speechMs) / 60_000.0;
    int[] onsetDelays = Arrays.copyOf(onsets, detected);
    int[] releaseDelays = Arrays.copyOf(releases, released);
    Arrays.sort(onsetDelays);
    Arrays.sort(releaseDelays);
    return new Result(
        line.speech().size(),
        missed,
        merged,
        splits,
        wrong / minutes,
        wrongSustained / minutes,
        onsetDelays,
        releaseDelays,
        startMs);
  }
}
