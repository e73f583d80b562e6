package io.voiceagent.stt;

import java.util.ArrayList;
import java.util.List;

/** Sound end to end, read by position, the oldest forgotten page by page. */
final class AudioTape {
  private final AudioPages pool;
  private final List<byte[]> pages = new ArrayList<>();
  /** Position of the first page. */
  private long base;

  private long end;

  AudioTape(AudioPages pool) {
    this.pool = pool;
  }

  void append(byte[] sound) {
    for (int done = 0; done < sound.length; ) {
      int at = (int) (end % AudioPages.BYTES);
      if (end == base + (long) pages.size() * AudioPages.BYTES) {
        pages.add(pool.take());
      }
      int some = Math.min(sound.length - done, AudioPages.BYTES - at);
      System.arraycopy(sound, done, pages.get(pages.size() - 1), at, some);
      done += some;
      end += some;
    }
  }

  /** @param from not yet forgotten */
  byte[] read(long from, int length) {
    byte[] sound = new byte[length];
    for (int done = 0; done < length; ) {
      long position = from + done;
      int at = (int) (position % AudioPages.BYTES);
      int some = Math.min(length - done, AudioPages.BYTES - at);
      byte[] page = pages.get((int) ((position - base) / AudioPages.BYTES));
      System.arraycopy(page, at, sound, done, some);
      done += some;
    }
    return sound;
  }

  /** Sound before {@code position} is not wanted any more. */
  void forget(long position) {
    while (base + AudioPages.BYTES <= position) {
      pool.giveBack(pages.remove(0));
      base += AudioPages.BYTES;
    }
  }

  /** Gives all memory back; the tape is not to be used any more. */
  void close() {
    pages.forEach(pool::giveBack);
    pages.clear();
  }
}
