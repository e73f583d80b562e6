package io.voiceagent.sim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The carrier's playing and the caller's listening: audio is played in real time, 20 ms per tick; marks come back when
 * what was before them has been played; clear drops what waits and returns all marks.
 */
final class CallerEar {
  private static final int FRAME = 160;
  private static final byte SILENCE = (byte) 0xFF;

  private sealed interface Item {}

  private static final class Sound implements Item {
    private final byte[] bytes;
    private int played;

    Sound(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private record Mark(String name) implements Item {}

  private final Consumer<String> marks;
  private final Consumer<String> words;
  private ModemDecoder decoder;
  private final ArrayDeque<Item> queue = new ArrayDeque<>();
  private final List<ModemDecoder.Heard> heard = new ArrayList<>();
  private final byte[] frame = new byte[FRAME];
  private final @Nullable ByteArrayOutputStream recording;
  private int garbled;
  private int gaps;
  private long longestGap;
  /** Silence put in since the last sound. */
  private int dryMs;

  private boolean sounding;
  private int quietFrames;

  /**
   * @param marks takes the names of marks that were played
   * @param words takes each word that was heard
   */
  CallerEar(Consumer<String> marks, Consumer<String> words, boolean record) {
    this.marks = marks;
    this.words = words;
    this.recording = record ? new ByteArrayOutputStream() : null;
    this.decoder = decoder();
  }

  private ModemDecoder decoder() {
    return new ModemDecoder(new ModemDecoder.Listener() {
      @Override
      public void heard(ModemDecoder.Heard word) {
        heard.add(word);
        words.accept(word.word());
      }

      @Override
      public void garbled(long atSample) {
        garbled++;
      }
    });
  }

  /** @param midAnswer more must come, whatever marks were passed */
  void media(byte[] mulaw, boolean midAnswer) {
    if ((sounding || midAnswer) && dryMs > 0) {
      gaps++;
      longestGap = Math.max(longestGap, dryMs);
    }
    dryMs = 0;
    sounding = true;
    queue.add(new Sound(mulaw));
  }

  void mark(String name) {
    queue.add(new Mark(name));
    returnMarks();
  }

  void clear() {
    List<Item> dropped = new ArrayList<>(queue);
    queue.clear();
    // Half a word is no fault when the rest was dropped on purpose.
    decoder = decoder();
    sounding = false;
    dryMs = 0;
    for (Item item : dropped) {
      if (item instanceof Mark mark) {
        marks.accept(mark.name());
      }
    }
  }

  /** Plays the next 20 ms. */
  void tick() {
    int filled = 0;
    while (filled < FRAME && !queue.isEmpty()) {
      Item head = queue.peek();
      if (head instanceof Sound sound) {
        int taken = Math.min(FRAME - filled, sound.bytes.length - sound.played);
        System.arraycopy(sound.bytes, sound.played, frame, filled, taken);
        filled += taken;
        sound.played += taken;
        if (sound.played == sound.bytes.length) {
          queue.remove();
        }
      } else {
        returnMarks();
      }
    }
    returnMarks();
    if (filled > 0) {
      java.util.Arrays.fill(frame, filled, FRAME, SILENCE);
      decoder.accept(frame);
      quietFrames = 0;
      dryMs += (FRAME - filled) / 8;
    } else {
      quietFrames++;
      dryMs += 20;
      if (quietFrames <= 5) {
        java.util.Arrays.fill(frame, SILENCE);
        decoder.accept(frame);
      }
    }
    if (recording != null) {
      if (filled == 0) {
        java.util.Arrays.fill(frame, SILENCE);
      }
      recording.write(frame, 0, FRAME);
    }
  }

  /** A mark at the head of the queue has nothing before it. */
  private void returnMarks() {
    while (queue.peek() instanceof Mark mark) {
      queue.remove();
      if (queue.isEmpty()) {
        // An utterance ends with a mark: silence after it is no gap.
        sounding = false;
        dryMs = 0;
      }
      marks.accept(mark.name());
    }
  }

  static boolean sounding(byte[] mulaw) {
    for (byte sample : mulaw) {
      if (sample != (byte) 0xFF && sample != 0x7F) {
        return true;
      }
    }
    return false;
  }

  /** Milliseconds since something sounded. */
  long quietMs() {
    return queue.isEmpty() ? quietFrames * 20L : 0;
  }

  List<ModemDecoder.Heard> heard() {
    return heard;
  }

  /** The words after the first {@code from}. */
  String text(int from) {
    StringBuilder text = new StringBuilder();
    for (ModemDecoder.Heard word : heard.subList(from, heard.size())) {
      text.append(text.length() == 0 ? "" : " ").append(word.word());
    }
    return text.toString();
  }

  int garbled() {
    return garbled;
  }

  int gaps() {
    return gaps;
  }

  long longestGapMs() {
    return longestGap;
  }

  byte[] recording() {
    return recording == null ? new byte[0] : recording.toByteArray();
  }
}
