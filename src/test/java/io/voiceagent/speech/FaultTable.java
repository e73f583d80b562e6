package io.voiceagent.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The matrix as a table for people: a build artefact, rewritten by each part that ran. */
public final class FaultTable {
  private static final Path DIRECTORY = Path.of("target");

  private final String title;
  private final List<String> rows = new ArrayList<>();
  private int cells;
  private double worstMs;

  public FaultTable(String title, String head) {
    this.title = title;
    rows.add(head);
    rows.add(head.replaceAll("[^|]+", " --- "));
  }

  public void row(double ms, String... columns) {
    cells++;
    worstMs = Math.max(worstMs, ms);
    rows.add("| " + String.join(" | ", columns) + " |");
  }

  public void write(String part) throws IOException {
    Files.createDirectories(DIRECTORY.resolve("fault-matrix"));
    Files.writeString(
        DIRECTORY.resolve("fault-matrix").resolve(part + ".md"),
        "## " + title + "\n\n" + cells + " cells, worst "
            + String.format(Locale.ROOT, "%.0f ms", worstMs) + "\n\n" + String.join("\n", rows)
            + "\n\n");
    StringBuilder all = new StringBuilder("# Fault matrix\n\n");
    try (var parts = Files.list(DIRECTORY.resolve("fault-matrix"))) {
      for (Path one : parts.sorted().toList()) {
        all.append(Files.readString(one));
      }
    }
    Files.writeString(DIRECTORY.resolve("fault-matrix.md"), all);
  }
}
