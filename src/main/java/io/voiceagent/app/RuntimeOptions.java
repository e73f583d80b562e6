package io.voiceagent.app;

import io.voiceagent.config.Settings;

/**
 * What the process runs on.
 *
 * @param eventLoops 0: one per core, which is what the path of a frame wants
 * @param nativeTransport use epoll and OpenSSL where this machine has them
 */
public record RuntimeOptions(int eventLoops, boolean nativeTransport) {
  private static final int MAX_LOOPS = 256;

  static RuntimeOptions from(Settings settings) {
    return new RuntimeOptions(
        settings.integer("runtime.eventLoops", 0, 0, MAX_LOOPS),
        settings.flag("runtime.nativeTransport", true));
  }

  int loops() {
    return eventLoops > 0 ? eventLoops : Runtime.getRuntime().availableProcessors();
  }
}
