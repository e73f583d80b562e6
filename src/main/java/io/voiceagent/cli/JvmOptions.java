package io.voiceagent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a command starts further processes of its own jar. */
public final class JvmOptions {
  private JvmOptions() {}

  /** Java and our classes, without flags and arguments. */
  public static List<String> ownCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  /** The flags of a file, one per line. Lines of the form {@code 24-:flag} are for Java 24 and newer. */
  public static List<String> flags(Path file) throws IOException {
    List<String> flags = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int from = line.matches("[0-9]+-:.*") ? line.indexOf("-:") : -1;
      if (from > 0
          && Integer.parseInt(line.substring(0, from)) <= Runtime.version().feature()) {
        flags.add(line.substring(from + 2));
      } else if (from < 0 && !line.isBlank() && !line.startsWith("#")) {
        flags.add(line.strip());
      }
    }
    return flags;
  }
}
