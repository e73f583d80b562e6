package io.voiceagent.cli;

import java.io.Console;

/** Whether a person looks on. */
final class Terminal {
  private Terminal() {}

  /** From Java 22 on there is a console behind a pipe as well, which says itself that it is no terminal. */
  static boolean attached() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException beforeJava22) {
      return true;
    }
  }
}
