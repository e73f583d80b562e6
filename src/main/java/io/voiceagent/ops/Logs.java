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
  private static final String LOOP_WATCH = "io.vertx.core.internal.threadchecker";

  private Logs() {}

  /** @param secrets values that must never be seen, see {@link #secretsOf} */
  public static void configure(LogOptions options, Collection<String> secrets) {
    LogEncoder.style(
        new LogEncoder.Style(options.format(), options.callerWords(), new LogMask(secrets)));
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(OURS).setLevel(Level.toLevel(options.level().name()));
    }
  }

  /** The service is up: from now on a blocked event loop is worth a line. */
  public static void watchLoops() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(LOOP_WATCH).setLevel(Level.WARN);
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
