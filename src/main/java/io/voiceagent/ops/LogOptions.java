package io.voiceagent.ops;

import io.voiceagent.config.Settings;

/**
 * What the log looks like.
 *
 * @param callerWords whether words of callers may appear; numbers and secrets never do
 */
public record LogOptions(Format format, Level level, boolean callerWords) {
  /** One JSON object per line for machines, or one readable line for a terminal. */
  public enum Format {
    JSON,
    TEXT
  }

  /** Lowest level of this service's own lines; those of libraries are shown from WARN on. */
  public enum Level {
    DEBUG,
    INFO,
    WARN
  }

  public static LogOptions from(Settings settings) {
    return new LogOptions(
        settings.oneOf("log.format", Format.JSON),
        settings.oneOf("log.level", Level.INFO),
        settings.flag("log.callerWords", false));
  }
}
