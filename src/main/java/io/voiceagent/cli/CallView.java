package io.voiceagent.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/**
 * Prints a simulated call as it happens, and where the wait of each turn went, as the service says it.
 *
 * <p>Asking the service takes time that the caller's event loop does not have: everything is printed by a thread of its
 * own, in the order in which it happened.
 */
final class CallView implements CallerListener {
  private static final String INDENT = " ".repeat(10);
  private static final int WIDTH = 100;

  private final PrintWriter out;
  private final String ops;
  private final TurnBar bar = new TurnBar(Ansi.AUTO.enabled());
  private final List<JsonObject> stages = new ArrayList<>();
  private final ExecutorService printer = Executors.newSingleThreadExecutor(task -> {
    Thread thread = new Thread(task, "call-view");
    thread.setDaemon(true);
    return thread;
  });
  private String callSid = "";
  private int lastTurn;

  CallView(PrintWriter out, String ops) {
    this.out = out;
    this.ops = ops;
  }

  @Override
  public void connected(String sid) {
    print(() -> {
      callSid = sid;
      out.println("call " + sid);
      // The first question to a service is slow to ask: not when a turn waits for its answer.
      call();
    });
  }

  @Override
  public void greeted(String text) {
    print(() -> said("agent", text.isEmpty() ? "(waits for the caller)" : text));
  }

  @Override
  public void says(String text) {
    print(() -> said("caller", text));
  }

  @Override
  public void answered(CallResult.Turn turn) {
    print(() -> {
      said("agent", answer(turn));
      if (turn.reactionMs() >= 0) {
        out.printf(
            Locale.ROOT,
            "%sstopped speaking %.0f ms after the caller began%n",
            INDENT,
            turn.reactionMs());
      }
      JsonObject found = turn.answered() ? newestStages() : new JsonObject();
      stages.add(found);
      List<String> lines = bar.lines(found);
      if (lines.isEmpty() && turn.answered()) {
        out.printf(Locale.ROOT, "%s%.0f ms to the first audio%n", INDENT, turn.firstAudioMs());
      }
      lines.forEach(line -> out.println(INDENT + line));
    });
  }

  /** After everything that happened before, waits for it to be printed. */
  void summary(CallResult result) {
    print(() -> out.println(verdict(result)));
    printer.shutdown();
    try {
      if (!printer.awaitTermination(1, TimeUnit.MINUTES)) {
        printer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Milliseconds by stage of the turn with this index; after {@link #summary}. */
  JsonObject stages(int index) {
    return index < stages.size() ? stages.get(index) : new JsonObject();
  }

  static String verdict(CallResult result) {
    long answered = result.turns().stream().filter(CallResult.Turn::answered).count();
    String words = result.defects() == 0
        ? "every word heard once and in order"
        : result.defects() + " words lost, doubled or wrong";
    String gaps = result.gaps() == 0
        ? "no gaps"
        : result.gaps() + " gaps, the longest " + result.longestGapMs() + " ms";
    String turns = answered + " of " + result.turns().size() + " turns answered";
    String verdict = result.turns().isEmpty() ? "" : turns + ", " + words + ", " + gaps + ".";
    return result.problem().isEmpty()
        ? verdict
        : "The call went wrong: " + result.problem() + ". " + verdict;
  }

  private static String answer(CallResult.Turn turn) {
    String heard = turn.heard().isEmpty() ? "(no answer)" : turn.heard();
    String interrupted = turn.interrupted() ? " --" : "";
    String defects =
        turn.defects() == 0 ? "" : "  (" + turn.defects() + " words lost, doubled or wrong)";
    return heard + interrupted + defects;
  }

  private void said(String who, String text) {
    StringBuilder line = new StringBuilder(String.format("  %-8s", who));
    int used = 0;
    for (String word : text.split(" ")) {
      if (used > 0 && used + word.length() > WIDTH - INDENT.length()) {
        line.append(System.lineSeparator()).append(INDENT);
        used = 0;
      }
      line.append(used == 0 ? "" : " ").append(word);
      used += word.length() + 1;
    }
    out.println(line);
  }

  private void print(Runnable lines) {
    printer.execute(() -> {
      lines.run();
      out.flush();
    });
  }

  /** Of the latest answer that was begun since this was asked before; the service counts what it says otherwise. */
  private JsonObject newestStages() {
    JsonArray turns = call().getJsonArray("turns", new JsonArray());
    for (int i = turns.size() - 1; i >= 0; i--) {
      JsonObject turn = turns.getJsonObject(i);
      JsonObject found = turn.getJsonObject("stagesMs", new JsonObject());
      if (!found.isEmpty() && turn.getInteger("turn", 0) > lastTurn) {
        lastTurn = turn.getInteger("turn");
        return found;
      }
    }
    return new JsonObject();
  }

  private JsonObject call() {
    try {
      return OpsClient.get(ops + "/api/calls/" + callSid);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JsonObject();
    }
  }
}
