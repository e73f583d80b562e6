package io.voiceagent.stt;

import io.voiceagent.audio.AudioFrame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The caller's audio since the last final transcript, and the finalizes asked for between its frames: what a new socket
 * has to be told. Split in what the current socket was given and what waits for it. Pure.
 */
final class AudioLog {
  /** A frame, or a finalize when {@code frame} is null. */
  static final class Entry {
    private final @Nullable AudioFrame frame;
    private final long at;
    private boolean repeated;
    /** When the provider can have heard it at the earliest, if it listens no faster than one speaks. */
    private long heardAt;

    private Entry(@Nullable AudioFrame frame, long at) {
      this.frame = frame;
      this.at = at;
    }

    @Nullable
    AudioFrame frame() {
      return frame;
    }

    long at() {
      return at;
    }

    /** An earlier socket was given it already. */
    boolean repeated() {
      return repeated;
    }

    private int bytes() {
      return frame == null ? 0 : frame.bytes().length;
    }
  }

  private final int maxBytes;
  private final ArrayDeque<Entry> given = new ArrayDeque<>();
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
  private int givenBytes;
  private int waitingBytes;
  private long addedBytes;
  private long heard = Long.MIN_VALUE / 2;

  AudioLog(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(AudioFrame frame) {
    waiting.add(new Entry(frame, frame.at()));
    waitingBytes += frame.bytes().length;
    addedBytes += frame.bytes().length;
  }

  /** A finalize behind all audio so far. */
  void addFinalize(long at) {
    waiting.add(new Entry(null, at));
  }

  @Nullable
  Entry peek() {
    return waiting.peek();
  }

  /** The oldest that waits is given to the socket at {@code now}. */
  void gave(long now) {
    Entry entry = waiting.remove();
    waitingBytes -= entry.bytes();
    heard = Math.max(heard + entry.bytes() * 1_000_000L / AudioFrame.BYTES_PER_MS, now);
    entry.heardAt = heard;
    given.add(entry);
    givenBytes += entry.bytes();
    trimGiven();
  }

  /** The socket is lost: everything since the last final waits again. */
  void rewind() {
    while (!given.isEmpty()) {
      Entry entry = given.removeLast();
      entry.repeated = true;
      waiting.addFirst(entry);
    }
    waitingBytes += givenBytes;
    givenBytes = 0;
  }

  /** A finalize was answered: what was given before it is transcribed. Returns when it was asked, 0 if none was. */
  long flushed() {
    boolean asked = given.stream().anyMatch(entry -> entry.frame() == null);
    while (asked) {
      Entry entry = given.remove();
      givenBytes -= entry.bytes();
      if (entry.frame() == null) {
        return entry.at();
      }
    }
    return 0;
  }

  /** What was heard before {@code instant} is transcribed; stops at a finalize that has no answer yet. */
  void covered(long instant) {
    while (!given.isEmpty()
        && given.element().frame() != null
        && given.element().heardAt < instant) {
      givenBytes -= given.remove().bytes();
    }
  }

  /** Drops the oldest waiting audio beyond {@code limit}; returns how many frames went. */
  int dropWaiting(int limit) {
    int dropped = 0;
    var oldest = waiting.iterator();
    while (waitingBytes > limit && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.frame() != null) {
        oldest.remove();
        waitingBytes -= entry.bytes();
        dropped++;
      }
    }
    return dropped;
  }

  /** All audio so far. */
  long addedBytes() {
    return addedBytes;
  }

  int waitingBytes() {
    return waitingBytes;
  }

  int givenBytes() {
    return givenBytes;
  }

  /** Finalizes without an answer. */
  boolean finalizing() {
    return given.stream().anyMatch(entry -> entry.frame() == null);
  }

  private void trimGiven() {
    while (givenBytes > maxBytes) {
      Entry entry = given.remove();
      givenBytes -= entry.bytes();
    }
    while (given.size() > maxBytes) {
      given.remove();
    }
  }
}
