package io.voiceagent.conversation;

import java.util.Arrays;
import java.util.OptionalLong;

/** How long the transcriber took for its last answers to a finalize: what is usual, and so what is too long. */
final class FinalWaits {
  private static final int KEPT = 500;
  /** Fewer say nothing about one in a hundred. */
  private static final int ENOUGH = 100;

  private final long[] waits = new long[KEPT];
  private int count;

  void took(long nanos) {
    waits[count++ % KEPT] = nanos;
    if (count == 2 * KEPT) {
      count = KEPT;
    }
  }

  /** Nanoseconds within which 99 of 100 came; empty while too few are known. */
  OptionalLong p99() {
    int known = Math.min(count, KEPT);
    if (known < ENOUGH) {
      return OptionalLong.empty();
    }
    long[] sorted = Arrays.copyOf(waits, known);
    Arrays.sort(sorted);
    return OptionalLong.of(sorted[(int) Math.ceil(known * 0.99) - 1]);
  }
}
