package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The table in {@code package-info.java} is what random calls do. It is written by
 * {@code mvn test -Dtest=NextStateTableTest -Dtable.write=true}.
 */
class NextStateTableTest {
  private static final Path FILE = Path.of("src/main/java/io/voiceagent/turn/package-info.java");
  private static final String BEGIN = " * <pre>\n";
  private static final String END = " * </pre>\n";

  @Test
  void theDocumentedNextStatesAreThoseThatHappen() throws IOException {
    Map<String, Map<String, Set<String>>> seen = new TreeMap<>();
    for (long seed = 0; seed < 1500; seed++) {
      new RandomCallTest.Walk(
              seed,
              (before, event, after) -> seen.computeIfAbsent(before, state -> new TreeMap<>())
                  .computeIfAbsent(event, name -> new TreeSet<>())
                  .add(after))
          .run();
    }
    String table = table(seen);
    String file = Files.readString(FILE);
    String written = file.substring(0, file.indexOf(BEGIN) + BEGIN.length())
        + table
        + file.substring(file.indexOf(END));
    if (Boolean.getBoolean("table.write")) {
      Files.writeString(FILE, written);
    }
    assertThat(Files.readString(FILE)).isEqualTo(written);
  }

  /** Per state the events that lead elsewhere, and where to; all others change nothing of it. */
  private static String table(Map<String, Map<String, Set<String>>> seen) {
    StringBuilder table = new StringBuilder();
    seen.forEach((state, events) -> {
      table.append(" * ").append(state).append('\n');
      Map<String, Set<String>> byTarget = new TreeMap<>();
      events.forEach((event, targets) -> targets.stream()
          .filter(target -> !target.equals(state))
          .forEach(
              target -> byTarget.computeIfAbsent(target, t -> new TreeSet<>()).add(event)));
      byTarget.forEach((target, names) -> {
        StringBuilder line = new StringBuilder(" *   to " + target + ":");
        for (String name : names) {
          if (line.length() + name.length() > 115) {
            table.append(line).append('\n');
            line = new StringBuilder(" *      ");
          }
          line.append(' ').append(name);
        }
        table.append(line).append('\n');
      });
    });
    return table.toString();
  }
}
