package io.voiceagent.app;

import io.voiceagent.config.Settings;
import io.voiceagent.turn.TurnOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Instructions may be a file or the text itself. */
final class AgentTexts {
  /** Longer than any path, shorter than most instructions. */
  private static final int LONGEST_PATH = 255;

  private AgentTexts() {}

  static TurnOptions read(TurnOptions options, Settings settings) {
    return options.withInstructions(text("agent.instructions", options.instructions(), settings));
  }

  private static String text(String key, String value, Settings settings) {
    if (value.length() > LONGEST_PATH || value.contains("\n") || value.isBlank()) {
      return value;
    }
    try {
      Path file = Path.of(value);
      if (Files.isRegularFile(file)) {
        return Files.readString(file).strip();
      }
      if (value.matches("\\S+\\.(txt|md)")) {
        settings.fault(key, "names the file " + value + ", which does not exist");
      }
      return value;
    } catch (InvalidPathException e) {
      return value;
    } catch (IOException e) {
      settings.fault(key, "names the file " + value + ", which cannot be read");
      return value;
    }
  }
}
