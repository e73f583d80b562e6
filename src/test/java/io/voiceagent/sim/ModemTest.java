package io.voiceagent.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.audio.MuLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModemTest {
  private static final String TEXT =
      "hello i would like to book a table for 12 at o'clock in st-pauls 4711";

  @Test
  void everyWordIsHeardOnceAndInOrderHoweverTheSoundIsCut() {
    byte[] sound = Modem.speak(TEXT, 7);
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<ModemDecoder.Heard> heard = new ArrayList<>();
      ModemDecoder decoder = new ModemDecoder(heard::add);
      decoder.accept(silence(random.nextInt(5000)));
      int at = 0;
      while (at < sound.length) {
        int length = Math.min(sound.length - at, 1 + random.nextInt(400));
        decoder.accept(sound, at, length);
        at += length;
      }
      decoder.accept(silence(2000));
      assertThat(heard)
          .as("seed %d", seed)
          .extracting(ModemDecoder.Heard::word)
          .containsExactlyElementsOf(Modem.words(TEXT));
      assertThat(heard).extracting(ModemDecoder.Heard::place).isSorted();
      assertThat(heard).allMatch(word -> word.utterance() == 7);
    }
  }

  @Test
  void aMissingPieceCostsOnlyTheWordsItTouches() {
    byte[] sound = Modem.speak(TEXT, 1);
    int words = Modem.words(TEXT).size();
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int cut = random.nextInt(sound.length - 160);
      List<String> heard = new ArrayList<>();
      ModemDecoder decoder = new ModemDecoder(word -> heard.add(word.word()));
      decoder.accept(sound, 0, cut);
      decoder.accept(sound, cut + 160, sound.length - cut - 160);
      decoder.accept(silence(2000));
      assertThat(heard.size()).as("seed %d", seed).isBetween(words - 2, words);
      assertThat(Modem.words(TEXT)).containsAll(heard);
    }
  }

  @Test
  void wordsAreHeardThroughNoise() {
    byte[] sound = Modem.speak(TEXT, 1);
    Random random = new Random(1);
    for (int i = 0; i < sound.length; i++) {
      sound[i] = MuLaw.encode(MuLaw.decode(sound[i]) + (int) (random.nextGaussian() * 400));
    }
    List<String> heard = new ArrayList<>();
    new ModemDecoder(word -> heard.add(word.word())).accept(sound);
    assertThat(heard).containsExactlyElementsOf(Modem.words(TEXT));
  }

  @Test
  void noiseHoldsNoWords() {
    Random random = new Random(2);
    byte[] noise = new byte[8000 * 20];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = MuLaw.encode((int) (random.nextGaussian() * 3000));
    }
    List<String> heard = new ArrayList<>();
    new ModemDecoder(word -> heard.add(word.word())).accept(noise);
    assertThat(heard).isEmpty();
  }

  private static byte[] silence(int samples) {
    byte[] silence = new byte[samples];
    Arrays.fill(silence, (byte) 0xFF);
    return silence;
  }
}
