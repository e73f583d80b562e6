package io.voiceagent.stt;

import io.voiceagent.audio.AudioFrame;
import org.jspecify.annotations.Nullable;

/**
 * The caller's audio since the last final transcript, and the finalizes asked for between its frames: what a new socket
 * has to be told. One line of entries: those before the next one were given to the current socket, the others wait for
 * it. Kept in arrays, because each frame kept as an object would be copied by the collector in every pause. Pure.
 */
final class AudioLog {
  /** What it is, where an entry of sound has its length. */
  private static final int FINALIZE = 0;
  /** No instant: not given to any socket yet. */
  private static final long NEVER = Long.MIN_VALUE;
  /** Shorter frames than 5 ms are kept for a shorter time. */
  private static final int SHORTEST_FRAME = 5 * AudioFrame.BYTES_PER_MS;

  /**
   * The next to give.
   *
   * @param frame null for a finalize
   * @param repeated an earlier socket was given it already
   */
  record Entry(@Nullable AudioFrame frame, boolean repeated) {}

  private final int maxBytes;
  private final AudioTape tape;

  // Rings, by the number of an entry. Lengths of sound that was dropped are negative.
  private int[] lengths = new int[64];
  private long[] at = new long[64];
  /** When the provider can have heard it at the earliest, if it listens no faster than one speaks. */
  private long[] heardAt = new long[64];

  private long first;
  private long next;
  private long end;
  /** Where the sound of the first and of the next entry begins on the tape. */
  private long firstSound;

  private long nextSound;
  private int givenBytes;
  private int givenFinalizes;
  private int waitingBytes;
  private long addedBytes;
  private long heard = Long.MIN_VALUE / 2;
  /** The newest frame as it came: mostly it is given at once, and needs no copy. */
  private @Nullable AudioFrame newest;

  AudioLog(AudioPages pages, int maxBytes) {
    this.tape = new AudioTape(pages);
    this.maxBytes = maxBytes;
  }

  void add(AudioFrame frame) {
    byte[] sound = frame.bytes();
    if (sound.length == 0) {
      return;
    }
    tape.append(sound);
    append(sound.length, frame.at());
    newest = frame;
    waitingBytes += sound.length;
    addedBytes += sound.length;
  }

  /** A finalize behind all audio so far. */
  void addFinalize(long time) {
    append(FINALIZE, time);
    newest = null;
  }

  @Nullable
  Entry peek() {
    skipDropped();
    if (next == end) {
      return null;
    }
    int place = place(next);
    boolean repeated = heardAt[place] != NEVER;
    if (lengths[place] == FINALIZE) {
      return new Entry(null, repeated);
    }
    AudioFrame last = newest;
    return new Entry(
        last != null && next == end - 1
            ? last
            : new AudioFrame(tape.read(nextSound, lengths[place]), at[place]),
        repeated);
  }

  /** The oldest that waits is given to the socket at {@code now}. */
  void gave(long now) {
    int place = place(next);
    int bytes = lengths[place];
    heard = Math.max(heard + bytes * 1_000_000L / AudioFrame.BYTES_PER_MS, now);
    heardAt[place] = heard;
    waitingBytes -= bytes;
    givenBytes += bytes;
    if (bytes == FINALIZE) {
      givenFinalizes++;
    }
    next++;
    nextSound += bytes;
    trimGiven();
  }

  /** The socket is lost: everything since the last final waits again. */
  void rewind() {
    next = first;
    nextSound = firstSound;
    waitingBytes += givenBytes;
    givenBytes = 0;
    givenFinalizes = 0;
  }

  /** A finalize was answered: what was given before it is transcribed. Returns when it was asked, 0 if none was. */
  long flushed() {
    while (givenFinalizes > 0) {
      int place = place(first);
      removeFirst();
      if (lengths[place] == FINALIZE) {
        return at[place];
      }
    }
    return 0;
  }

  /** What was heard before {@code instant} is transcribed; stops at a finalize that has no answer yet. */
  void covered(long instant) {
    while (first < next && lengths[place(first)] != FINALIZE && heardAt[place(first)] < instant) {
      removeFirst();
    }
  }

  /** Drops the oldest waiting audio beyond {@code limit}; returns how many frames went. */
  int dropWaiting(int limit) {
    int dropped = 0;
    while (waitingBytes > limit) {
      dropOldest();
      dropped++;
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
    return givenFinalizes > 0;
  }

  /** The call is over: its memory is another's. */
  void close() {
    tape.close();
  }

  private void append(int length, long time) {
    if (end - first == lengths.length) {
      grow();
    }
    int place = place(end++);
    lengths[place] = length;
    at[place] = time;
    heardAt[place] = NEVER;
  }

  /** The oldest sound that waits goes before the finalizes that wait before it, and is skipped. */
  private void dropOldest() {
    long oldest = next;
    while (lengths[place(oldest)] <= 0) {
      oldest++;
    }
    int length = lengths[place(oldest)];
    for (; oldest > next; oldest--) {
      int to = place(oldest);
      int from = place(oldest - 1);
      lengths[to] = lengths[from];
      at[to] = at[from];
      heardAt[to] = heardAt[from];
    }
    lengths[place(next)] = -length;
    waitingBytes -= length;
    skipDropped();
  }

  private void skipDropped() {
    while (next < end && lengths[place(next)] < 0) {
      nextSound -= lengths[place(next)];
      next++;
    }
    trimGiven();
  }

  private void trimGiven() {
    while (first < next
        && (lengths[place(first)] < 0
            || nextSound - firstSound > maxBytes
            || next - first > maxBytes / SHORTEST_FRAME)) {
      removeFirst();
    }
  }

  private void removeFirst() {
    int length = lengths[place(first)];
    first++;
    firstSound += Math.abs(length);
    if (length > 0) {
      givenBytes -= length;
    } else if (length == FINALIZE) {
      givenFinalizes--;
    }
    tape.forget(firstSound);
  }

  private int place(long entry) {
    return (int) (entry & (lengths.length - 1));
  }

  private void grow() {
    int size = 2 * lengths.length;
    int[] newLengths = new int[size];
    long[] newAt = new long[size];
    long[] newHeardAt = new long[size];
    for (long entry = first; entry < end; entry++) {
      int from = place(entry);
      int to = (int) (entry & (size - 1));
      newLengths[to] = lengths[from];
      newAt[to] = at[from];
      newHeardAt[to] = heardAt[from];
    }
    lengths = newLengths;
    at = newAt;
    heardAt = newHeardAt;
  }
}
