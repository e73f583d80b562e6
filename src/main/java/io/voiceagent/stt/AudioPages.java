package io.voiceagent.stt;

import java.util.ArrayDeque;

/**
 * The memory of the tapes of one event loop's calls. Pages go from call to call: what is used again and again grows old,
 * and the collector copies it no more.
 */
final class AudioPages {
  /** Half a second of sound. */
  static final int BYTES = 4096;

  /** 4 MB. What a burst of calls needed beyond it is the collector's. */
  private static final int MAX_FREE = 1024;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>();

  byte[] take() {
    byte[] page = free.poll();
    return page == null ? new byte[BYTES] : page;
  }

  void giveBack(byte[] page) {
    if (free.size() < MAX_FREE) {
      free.push(page);
    }
  }

  int free() {
    return free.size();
  }
}
