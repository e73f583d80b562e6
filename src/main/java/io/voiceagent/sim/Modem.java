package io.voiceagent.sim;

import io.voiceagent.audio.MuLaw;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes sound that carries its words, so that a listener can tell which of them arrived, how often and when.
 *
 * <p>4-FSK in mu-law 8 kHz: symbols of 20 samples (2.5 ms) at 800, 1200, 1600 and 2000 Hz, two bits each. A word is a
 * frame of its own: preamble, utterance number, place in the utterance, length, letters of six bits, checksum. Frames are
 * separated by short pauses, as speech is. About six words per second.
 */
public final class Modem {
  static final int SYMBOL_SAMPLES = 20;
  static final double[] TONES_HZ = {800, 1200, 1600, 2000};
  static final int[] PREAMBLE = {0, 3, 0, 3, 2, 1, 2, 1};
  static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789'-.,?!:;+%&/@#*()_=$\"<>[]{}~";
  static final int MAX_WORD = 63;
  private static final int AMPLITUDE = 8000;
  private static final int PAUSE_MS = 60;
  private static final int BYTES_PER_MS = 8;
  private static final int MAX_CACHED = 20_000;

  private static final byte[][] SYMBOLS = new byte[4][SYMBOL_SAMPLES];
  private static final byte[] PAUSE = new byte[PAUSE_MS * BYTES_PER_MS];

  static {
    for (int tone = 0; tone < 4; tone++) {
      for (int n = 0; n < SYMBOL_SAMPLES; n++) {
        // A cosine: the first sample of a frame stands out of silence.
        double angle = 2 * Math.PI * TONES_HZ[tone] * n / 8000;
        SYMBOLS[tone][n] = MuLaw.encode((int) Math.round(AMPLITUDE * Math.cos(angle)));
      }
    }
    java.util.Arrays.fill(PAUSE, (byte) 0xFF);
  }

  private static final Map<String, byte[]> BODIES = new ConcurrentHashMap<>();

  private Modem() {}

  /** A rendered word and the sound that ends with its pause. */
  public record Spoken(String word, byte[] mulaw, int wordMs) {}

  /** The words of a text as they can be carried: lower case, without what is not a letter, digit or apostrophe. */
  public static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}'-]+")) {
      String carried = word.replaceAll("[^a-z0-9'-]", "");
      if (!carried.isEmpty()) {
        words.add(carried.length() > MAX_WORD ? carried.substring(0, MAX_WORD) : carried);
      }
    }
    return words;
  }

  /** One word as sound. {@code utterance} and {@code place} are taken modulo 256. */
  public static Spoken speak(String word, int utterance, int place) {
    int[] bits = {utterance & 0xFF, place & 0xFF};
    ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
    for (int symbol : PREAMBLE) {
      symbol(out, symbol);
    }
    octet(out, bits[0]);
    octet(out, bits[1]);
    byte[] body = BODIES.size() < MAX_CACHED
        ? BODIES.computeIfAbsent(word, Modem::body)
        : BODIES.getOrDefault(word, body(word));
    out.writeBytes(body);
    octet(out, checksum(word, bits[0], bits[1]));
    int wordMs = out.size() / BYTES_PER_MS;
    out.writeBytes(PAUSE);
    return new Spoken(word, out.toByteArray(), wordMs);
  }

  /** A whole text as sound. */
  public static byte[] speak(String text, int utterance) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int place = 0;
    for (String word : words(text)) {
      out.writeBytes(speak(word, utterance, place++).mulaw());
    }
    return out.toByteArray();
  }

  static int checksum(String word, int utterance, int place) {
    int sum = 0x5A ^ utterance * 31 ^ place * 17;
    for (int i = 0; i < word.length(); i++) {
      sum = sum * 33 + word.charAt(i) & 0xFFFF;
    }
    return (sum ^ sum >> 8) & 0xFF;
  }

  private static byte[] body(String word) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    octet(out, word.length());
    for (int i = 0; i < word.length(); i++) {
      int letter = Math.max(0, LETTERS.indexOf(word.charAt(i)));
      symbol(out, letter >> 4 & 3);
      symbol(out, letter >> 2 & 3);
      symbol(out, letter & 3);
    }
    return out.toByteArray();
  }

  private static void octet(ByteArrayOutputStream out, int value) {
    symbol(out, value >> 6 & 3);
    symbol(out, value >> 4 & 3);
    symbol(out, value >> 2 & 3);
    symbol(out, value & 3);
  }

  private static void symbol(ByteArrayOutputStream out, int symbol) {
    out.writeBytes(SYMBOLS[symbol]);
  }
}
