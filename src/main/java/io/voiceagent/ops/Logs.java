package io.voiceagent.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.voiceagent.config.Settings;
import java.util.Collection;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Switches the process's log to what the configuration says. Before, it writes text, and hides callers' words. */
public final class Logs {
  private static final String OURS = "io.voiceagent";

  private static final String LOOP_CHECKER = "io.vertx.core.impl.BlockedThreadChecker";
  private static Level level = Level.INFO;

  private Logs() {}

  /** @param secrets values that must never be seen, see {@link #secretsOf} */
  public static void configure(LogOptions options, Collection<String> secrets) {
    LogEncoder.style(
        new LogEncoder.Style(options.format(), options.callerWords(), new LogMask(secrets)));
    level = Level.toLevel(options.level().name());
    ours(level);
  }

  /**
   * From now on a slow event loop is worth a warning. Until the first calls a process still loads its classes, and who
   * starts it should not have to read about each pause of that.
   */
  public static void watchLoops() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(LOOP_CHECKER).setLevel(Level.WARN);
    }
  }

  /** While a command shows on the same terminal what happens, lines of less than a warning are left out. */
  public static void quiet(boolean on) {
    ours(on && Level.WARN.isGreaterOrEqual(level) ? Level.WARN : level);
  }

  private static void ours(Level wanted) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(OURS).setLevel(wanted);
    }
  }

  /** The values of all secret keys that were read so far. */
  public static Collection<String> secretsOf(Settings settings) {
    return settings.known().stream()
        .filter(Settings.Known::secret)
        .map(known -> settings.entries().get(known.key()))
        .filter(Objects::nonNull)
        .map(Settings.Entry::value)
        .toList();
  }

  /** Writes what is still queued; last act of the process. */
  public static void flush() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
