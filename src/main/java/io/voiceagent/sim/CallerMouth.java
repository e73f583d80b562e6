package io.voiceagent.sim;

import io.voiceagent.audio.MuLaw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** What the caller's line carries: 20 ms at a time, base64, for ever; silence between the lines. */
final class CallerMouth {
  private static final int FRAME = 160;
  private static final int MAX_CACHED = 2000;
  private static final String SILENT = encode(silence());
  private static final Map<String, List<String>> RENDERED = new ConcurrentHashMap<>();
  private static final int NOISE_FRAMES = 500;
  /** Amplitude of a cough, 16-bit linear. */
  private static final int COUGH = 5000;

  private static final Map<Integer, List<String>> NOISE = new ConcurrentHashMap<>();

  private final List<String> noise;
  private List<String> saying = List.of();
  private int next;
  private long frames;

  CallerMouth(int noiseAmplitude, long seed) {
    noise = noiseAmplitude == 0
        ? List.of()
        : NOISE.computeIfAbsent(noiseAmplitude, loud -> noise(loud, loud));
    // Not everybody's noise begins alike.
    frames = Math.floorMod(seed, NOISE_FRAMES);
  }

  void say(String text) {
    saying = RENDERED.size() < MAX_CACHED
        ? RENDERED.computeIfAbsent(text, CallerMouth::render)
        : render(text);
    next = 0;
  }

  /** A sound that is no word. */
  void cough(long ms) {
    saying = NOISE.computeIfAbsent(COUGH, loud -> noise(loud, loud)).subList(0, (int)
        Math.min(NOISE_FRAMES, Math.max(1, ms / 20)));
    next = 0;
  }

  boolean speaking() {
    return next < saying.size();
  }

  /** The next frame's payload. */
  String frame() {
    frames++;
    if (speaking()) {
      return saying.get(next++);
    }
    return noise.isEmpty() ? SILENT : noise.get((int) (frames % noise.size()));
  }

  private static List<String> render(String text) {
    byte[] sound = Modem.speak(text, text.hashCode());
    List<String> frames = new ArrayList<>();
    // The pause behind the last word is not speech.
    int length = Math.max(0, sound.length - 480);
    for (int at = 0; at < length; at += FRAME) {
      byte[] frame = silence();
      System.arraycopy(sound, at, frame, 0, Math.min(FRAME, length - at));
      frames.add(encode(frame));
    }
    return frames;
  }

  private static List<String> noise(int amplitude, long seed) {
    Random random = new Random(seed);
    List<String> frames = new ArrayList<>();
    for (int i = 0; i < NOISE_FRAMES; i++) {
      byte[] frame = new byte[FRAME];
      for (int n = 0; n < FRAME; n++) {
        frame[n] = MuLaw.encode((int) (random.nextGaussian() * amplitude));
      }
      frames.add(encode(frame));
    }
    return frames;
  }

  private static byte[] silence() {
    byte[] frame = new byte[FRAME];
    Arrays.fill(frame, (byte) 0xFF);
    return frame;
  }

  private static String encode(byte[] frame) {
    return new String(Base64.getEncoder().encode(frame), StandardCharsets.ISO_8859_1);
  }
}
