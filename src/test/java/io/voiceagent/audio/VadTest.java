package io.voiceagent.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VadTest {
  private final List<String> edges = new ArrayList<>();
  private final Vad vad = new Vad(
      new EnergyDetector(EnergyDetector.Options.DEFAULTS),
      Duration.ofMillis(40),
      Duration.ofMillis(200),
      Duration.ofMillis(120),
      new Vad.Listener() {
        @Override
        public void started(long onsetAt) {
          edges.add("started " + onsetAt);
        }

        @Override
        public void sustained(long onsetAt) {
          edges.add("sustained " + onsetAt);
        }

        @Override
        public void ended(long lastVoicedAt, int voicedMs) {
          edges.add("ended " + lastVoicedAt + " voiced " + voicedMs);
        }
      });
  private final Random random = new Random(3);
  private long at;

  @Test
  void speechBeginsIsSustainedAndEnds() {
    hear(0, 500);
    hear(6000, 400);
    hear(0, 300);
    assertThat(edges).containsExactly("started 500", "sustained 500", "ended 880 voiced 400");
  }

  @Test
  void aClickIsNoSpeechAndACoughIsNoInterruption() {
    hear(0, 500);
    hear(6000, 20);
    hear(0, 500);
    assertThat(edges).isEmpty();
    hear(6000, 80);
    hear(0, 500);
    assertThat(edges).hasSize(2).noneMatch(edge -> edge.startsWith("sustained"));
  }

  /** Each frame earlier or later is 20 ms of an interruption, or of an answer. */
  @Test
  void everyEdgeComesWithTheFrameThatMakesIt() {
    hear(0, 500);
    hear(6000, 20);
    assertThat(edges).isEmpty();
    hear(6000, 20);
    assertThat(edges).containsExactly("started 500");
    hear(6000, 60);
    assertThat(edges).hasSize(1);
    hear(6000, 20);
    assertThat(edges).containsExactly("started 500", "sustained 500");
    hear(0, 180);
    assertThat(edges).hasSize(2);
    hear(0, 20);
    assertThat(edges).hasSize(3);
  }

  @Test
  void theLevelOfSoundIsInDecibelsOfFullScale() {
    byte[] square = new byte[160];
    for (int i = 0; i < square.length; i++) {
      square[i] = MuLaw.encode(i % 2 == 0 ? 32124 : -32124);
    }
    assertThat(MuLaw.decibels(square, 0, 160)).isCloseTo(-0.17, within(0.01));
    assertThat(MuLaw.decibels(square, 80, 40)).isCloseTo(-0.17, within(0.01));
    java.util.Arrays.fill(square, 40, 160, AudioFrame.SILENCE);
    assertThat(MuLaw.decibels(square, 0, 160)).isCloseTo(-0.17 - 6.02, within(0.01));
    assertThat(MuLaw.decibels(square, 40, 120)).isEqualTo(MuLaw.SILENCE_DB);
  }

  @Test
  void pausesBetweenWordsDoNotEndSpeech() {
    hear(0, 500);
    for (int i = 0; i < 5; i++) {
      hear(6000, 200);
      hear(0, 160);
    }
    assertThat(edges).filteredOn(edge -> edge.startsWith("ended")).isEmpty();
  }

  @Test
  void steadyNoiseBecomesFloorAndSpeechAboveItIsStillHeard() {
    hear(300, 8000);
    edges.clear();
    hear(300, 4000);
    assertThat(edges).isEmpty();
    hear(6000, 300);
    assertThat(edges).anyMatch(edge -> edge.startsWith("sustained"));
  }

  @Test
  void framesOfAnySizeMeanTheSame() {
    byte[] all = sound(6000, 400);
    byte[] silence = sound(0, 400);
    List<byte[]> pieces = new ArrayList<>();
    for (byte[] whole : List.of(silence, all, silence)) {
      for (int from = 0; from < whole.length; ) {
        int length = Math.min(whole.length - from, 1 + random.nextInt(333));
        pieces.add(java.util.Arrays.copyOfRange(whole, from, from + length));
        from += length;
      }
    }
    pieces.forEach(piece -> vad.accept(piece, 7));
    assertThat(edges).containsExactly("started 7", "sustained 7", "ended 7 voiced 400");
  }

  @Test
  void whoMissedTheEdgesCanAskForTheLevel() {
    hear(0, 500);
    hear(6000, 400);
    assertThat(vad.speaking()).isTrue();
    hear(0, 300);
    assertThat(vad.speaking()).isFalse();
  }

  @Test
  void aNoiseThatBeginsInTheMiddleIsSpeechForHalfASecondAtMost() {
    hear(0, 1000);
    hear(800, 3000);
    assertThat(edges).hasSize(3);
    assertThat(edges.get(2)).startsWith("ended");
    long ended = Long.parseLong(edges.get(2).split(" ")[1]);
    assertThat(ended).isLessThan(1000 + 700);
  }

  @Test
  void whatTheLineBeginsWithIsNoise() {
    hear(800, 3000);
    assertThat(edges).isEmpty();
  }

  @Test
  void muLawRoundTripsWithinItsStep() {
    for (int linear = -32000; linear <= 32000; linear += 7) {
      int back = MuLaw.decode(MuLaw.encode(linear));
      assertThat(Math.abs(back - linear)).isLessThanOrEqualTo(Math.max(8, Math.abs(linear) / 16));
    }
    assertThat(MuLaw.decode((byte) 0xFF)).isZero();
    assertThat(MuLaw.decode((byte) 0x00)).isEqualTo((short) -32124);
    assertThat(MuLaw.decode((byte) 0x80)).isEqualTo((short) 32124);
  }

  private void hear(int amplitude, int ms) {
    byte[] sound = sound(amplitude, ms);
    for (int from = 0; from < sound.length; from += AudioFrame.FRAME_BYTES) {
      vad.accept(java.util.Arrays.copyOfRange(sound, from, from + AudioFrame.FRAME_BYTES), at);
      at += AudioFrame.FRAME_MS;
    }
  }

  private byte[] sound(int amplitude, int ms) {
    byte[] sound = new byte[ms * AudioFrame.BYTES_PER_MS];
    for (int i = 0; i < sound.length; i++) {
      sound[i] = MuLaw.encode((int) (amplitude * random.nextGaussian() / 2));
    }
    return sound;
  }
}
