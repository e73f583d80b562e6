package io.voiceagent.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The wait of one turn as a bar that its stages share: one cell for each 20 ms, so that turns compare at a glance. On a
 * terminal the stages are coloured, elsewhere each has a letter.
 */
final class TurnBar {
  private static final int CELL_MS = 20;
  private static final int MAX_CELLS = 64;

  /** In the order in which they happen. */
  private enum Stage {
    ENDPOINTING('e', 67),
    STT_FINAL('s', 38),
    LLM_FIRST_TOKEN('l', 172),
    FIRST_SEGMENT('f', 179),
    TTS_FIRST_AUDIO('t', 132),
    PLAYOUT('p', 167),
    RESIDUAL('r', 245);

    /** As the API and the metrics call it. */
    private final String label = name().toLowerCase(Locale.ROOT);

    private final char letter;
    private final int colour;

    Stage(char letter, int colour) {
      this.letter = letter;
      this.colour = colour;
    }
  }

  private final boolean colours;

  TurnBar(boolean colours) {
    this.colours = colours;
  }

  /** The bar and its legend, a line each; nothing when the stages are not known. */
  List<String> lines(JsonObject stagesMs) {
    double total = 0;
    for (Stage stage : Stage.values()) {
      total += ms(stagesMs, stage);
    }
    if (total <= 0) {
      return List.of();
    }
    double cellMs = Math.max(CELL_MS, total / MAX_CELLS);
    StringBuilder bar = new StringBuilder();
    List<String> legend = new ArrayList<>();
    double before = 0;
    for (Stage stage : Stage.values()) {
      double ms = ms(stagesMs, stage);
      // Rounded at the borders, not by stage: the bar is as long as the whole wait.
      int cells = (int) (Math.round((before + ms) / cellMs) - Math.round(before / cellMs));
      before += ms;
      bar.append(cells(stage, cells));
      legend.add(legend(stage, ms));
    }
    return List.of(String.format(Locale.ROOT, "%s %.0f ms", bar, total), String.join(" ", legend));
  }

  private String cells(Stage stage, int count) {
    String letters = String.valueOf(stage.letter).repeat(count);
    return colours && count > 0
        ? "\u001b[38;5;" + stage.colour + ";48;5;" + stage.colour + "m" + letters + "\u001b[0m"
        : letters;
  }

  private String legend(Stage stage, double ms) {
    return colours
        ? String.format(
            Locale.ROOT, "\u001b[38;5;%dm%s\u001b[0m %.0f", stage.colour, stage.label, ms)
        : String.format(Locale.ROOT, "%c=%s %.0f", stage.letter, stage.label, ms);
  }

  private static double ms(JsonObject stagesMs, Stage stage) {
    return Math.max(0, stagesMs.getDouble(stage.label, 0.0));
  }
}
