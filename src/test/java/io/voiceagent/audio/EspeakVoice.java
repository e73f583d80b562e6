package io.voiceagent.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Speech of many kinds by espeak-ng, as 16-bit linear at 8 kHz. */
final class EspeakVoice {
  /** One utterance. */
  record Spoken(String voice, String text, short[] samples) {}

  private record Texts(String voice, String word, String phrase, String sentence) {}

  private static final List<Texts> TEXTS = List.of(
      new Texts(
          "en-us",
          "yes",
          "I'd like to book a table",
          "My number is five, five, five, one, two, three."),
      new Texts(
          "en-gb+f3",
          "no",
          "Could you repeat that please",
          "I'm calling about an order that has not arrived yet."),
      new Texts(
          "de",
          "ja",
          "Das ist leider falsch",
          "Ich h\u00e4tte gern einen Termin am n\u00e4chsten Donnerstag um halb drei."),
      new Texts(
          "fr-fr+f2",
          "oui",
          "Je voudrais parler \u00e0 quelqu'un",
          "Mon rendez-vous est demain matin, mais je ne peux pas venir."),
      new Texts(
          "es+m3",
          "s\u00ed",
          "No entiendo la pregunta",
          "Quisiera cambiar la fecha de mi reserva, si es posible."),
      new Texts(
          "it",
          "no",
          "Un momento per favore",
          "Vorrei sapere quanto costa la spedizione fino a Roma."),
      new Texts(
          "pl+f4",
          "nie",
          "Prosz\u0119 m\u00f3wi\u0107 wolniej",
          "Chcia\u0142bym zmieni\u0107 adres dostawy mojego zam\u00f3wienia."),
      new Texts(
          "pt-br",
          "sim",
          "Pode falar mais alto",
          "Eu gostaria de saber o hor\u00e1rio de funcionamento da loja."),
      new Texts(
          "hi+f2",
          "\u0939\u093e\u0901",
          "\u092e\u0941\u091d\u0947 \u092e\u0926\u0926 \u091a\u093e\u0939\u093f\u090f",
          "\u092e\u0948\u0902 \u0905\u092a\u0928\u093e \u092a\u0924\u093e \u092c\u0926\u0932\u0928\u093e \u091a\u093e\u0939\u0924\u093e \u0939\u0942\u0901"),
      new Texts(
          "cmn",
          "\u5bf9",
          "\u8bf7\u7a0d\u7b49\u4e00\u4e0b",
          "\u6211\u60f3\u66f4\u6539\u6211\u7684\u9001\u8d27\u5730\u5740"),
      new Texts(
          "ru+m5",
          "\u0434\u0430",
          "\u042f \u043d\u0435 \u043f\u043e\u043d\u0438\u043c\u0430\u044e",
          "\u0421\u043a\u0430\u0436\u0438\u0442\u0435, \u043f\u043e\u0436\u0430\u043b\u0443\u0439\u0441\u0442\u0430, \u0432\u043e \u0441\u043a\u043e\u043b\u044c\u043a\u043e \u0432\u044b \u0437\u0430\u043a\u0440\u044b\u0432\u0430\u0435\u0442\u0435\u0441\u044c"),
      new Texts(
          "tr",
          "evet",
          "Anlamad\u0131m",
          "Sipari\u015fimin nerede oldu\u011funu \u00f6\u011frenmek istiyorum."),
      new Texts(
          "sv+f1",
          "ja",
          "Tack s\u00e5 mycket",
          "Jag skulle vilja prata med n\u00e5gon om min faktura."));

  private static final int[] SPEEDS = {130, 175, 230};
  private static final int[] PITCHES = {20, 50, 85};

  private EspeakVoice() {}

  /** Every text in every voice at one of the speeds and pitches, always the same. */
  static List<Spoken> corpus() throws IOException, InterruptedException {
    List<Spoken> all = new ArrayList<>();
    int turn = 0;
    for (Texts texts : TEXTS) {
      for (String text : List.of(texts.word(), texts.phrase(), texts.sentence())) {
        int speed = SPEEDS[turn % SPEEDS.length];
        int pitch = PITCHES[(turn / SPEEDS.length + turn) % PITCHES.length];
        all.add(new Spoken(texts.voice(), text, speak(texts.voice(), speed, pitch, text)));
        turn++;
      }
    }
    return all;
  }

  /** Decoded from the mu-law files that {@code MeasureVad --fixtures} wrote: a few of the corpus, for any machine. */
  static List<short[]> fixtures() throws IOException {
    List<short[]> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/speech"))) {
      for (Path file : files.sorted().toList()) {
        byte[] mulaw = Files.readAllBytes(file);
        short[] samples = new short[mulaw.length];
        for (int i = 0; i < mulaw.length; i++) {
          samples[i] = MuLaw.decode(mulaw[i]);
        }
        all.add(samples);
      }
    }
    return all;
  }

  private static short[] speak(String voice, int speed, int pitch, String text)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            "espeak-ng", "-v", voice, "-s", "" + speed, "-p", "" + pitch, "--stdout", text)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    byte[] wav = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0 || wav.length < 44) {
      throw new IOException("espeak-ng said nothing as " + voice);
    }
    ByteBuffer data = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    String kind = new String(wav, 36, 4, StandardCharsets.US_ASCII);
    if (!kind.equals("data")) {
      throw new IOException("espeak-ng wrote a WAV with the chunk " + kind);
    }
    short[] samples = new short[(wav.length - 44) / 2];
    data.position(44);
    data.asShortBuffer().get(samples);
    Resampler resampler = new Resampler(data.getInt(24), 8000);
    short[] most = resampler.accept(samples);
    short[] rest = resampler.finish();
    short[] all = java.util.Arrays.copyOf(most, most.length + rest.length);
    System.arraycopy(rest, 0, all, most.length, rest.length);
    return all;
  }
}
