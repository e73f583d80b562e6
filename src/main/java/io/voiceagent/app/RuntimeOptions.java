package io.voiceagent.app;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * What the process runs on.
 *
 * @param eventLoops 0: one per core, which is what the path of a frame wants
 * @param nativeTransport use epoll and OpenSSL where this machine has them
 * @param batchAbove frames per second and event loop above which wake-ups are batched; 0: never
 * @param batchPause how long a batching loop sleeps between two polls
 */
public record RuntimeOptions(
    int eventLoops, boolean nativeTransport, int batchAbove, Duration batchPause) {
  private static final int MAX_LOOPS = 256;
  /** A pause is added to every step of a turn: more than this nobody wants. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(5);

  static RuntimeOptions from(Settings settings) {
    RuntimeOptions options = new RuntimeOptions(
        settings.integer("runtime.eventLoops", 0, 0, MAX_LOOPS),
        settings.flag("runtime.nativeTransport", true),
        settings.integer("runtime.batchAbove", 0, 0, 1_000_000),
        settings.duration("runtime.batchPause", Duration.ofMillis(1)));
    if (options.batchPause.compareTo(LONGEST_PAUSE) > 0) {
      settings.fault("runtime.batchPause", "must be 5ms at most");
    }
    return options;
  }

  int loops() {
    return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
  }
}
