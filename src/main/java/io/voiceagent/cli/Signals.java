package io.voiceagent.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** SIGTERM and SIGINT: the first asks politely, the second ends the process at once. */
final class Signals {
  /** What a shell expects of a process that an interrupt ended. */
  private static final int INTERRUPTED = 130;

  private Signals() {}

  /** {@code politely} runs on the signal's thread, once. */
  static void onTerminate(Runnable politely) {
    AtomicBoolean asked = new AtomicBoolean();
    SignalHandler handler = signal -> {
      if (asked.compareAndSet(false, true)) {
        politely.run();
      } else {
        Runtime.getRuntime().halt(INTERRUPTED);
      }
    };
    Signal.handle(new Signal("TERM"), handler);
    Signal.handle(new Signal("INT"), handler);
  }
}
