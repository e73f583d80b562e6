package io.voiceagent.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Prints a simulated call as it happens, and where the wait of each turn went, as the service says it. */
final class CallView implements CallerListener {
  private static final int BAR = 40;
  private static final Map<String, String> STAGES = stageSigns();

  private final PrintWriter out;
  private final String ops;
  private final List<CompletableFuture<JsonObject>> stages = new ArrayList<>();
  private String callSid = "";
  private int asked;

  CallView(PrintWriter out, String ops) {
    this.out = out;
    this.ops = ops;
  }

  @Override
  public void connected(String sid) {
    callSid = sid;
    out.println("call " + sid);
    out.flush();
  }

  @Override
  public void greeted(String text) {
    out.println("  agent   " + (text.isEmpty() ? "(waits)" : text));
    out.flush();
  }

  @Override
  public void says(String text) {
    out.println("  caller  " + text);
    out.flush();
  }

  @Override
  public void answered(CallResult.Turn turn) {
    String mark = turn.interrupted() ? "  (interrupted)" : "";
    String defects =
        turn.defects() == 0 ? "" : "  (" + turn.defects() + " words lost, doubled or wrong)";
    out.println(
        "  agent   " + (turn.heard().isEmpty() ? "(no answer)" : turn.heard()) + mark + defects);
    if (turn.reactionMs() >= 0) {
      out.printf(
          Locale.ROOT, "          silenced %.0f ms after the caller began%n", turn.reactionMs());
    }
    if (turn.answered()) {
      out.printf(
          Locale.ROOT, "          first audio after %.0f ms at the caller%n", turn.firstAudioMs());
    }
    int index = asked++;
    // Asking may wait and the caller's event loop may not.
    stages.add(CompletableFuture.supplyAsync(() -> stagesOf(index)).thenApply(found -> {
      bar(found);
      return found;
    }));
    out.flush();
  }

  void summary(CallResult result) {
    stages.forEach(CompletableFuture::join);
    long answered = result.turns().stream().filter(CallResult.Turn::answered).count();
    out.printf(
        "%d of %d turns answered, %d wrong words, %d gaps%s%n",
        answered,
        result.turns().size(),
        result.defects(),
        result.gaps(),
        result.problem().isEmpty() ? "" : "; " + result.problem());
    out.flush();
  }

  JsonObject stages(int index) {
    return index < stages.size() ? stages.get(index).join() : new JsonObject();
  }

  private JsonObject stagesOf(int index) {
    try {
      JsonArray turns =
          OpsClient.get(ops + "/api/calls/" + callSid).getJsonArray("turns", new JsonArray());
      return index < turns.size()
          ? turns.getJsonObject(index).getJsonObject("stagesMs", new JsonObject())
          : new JsonObject();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JsonObject();
    }
  }

  private synchronized void bar(JsonObject found) {
    double total = 0;
    for (String stage : STAGES.keySet()) {
      total += Math.max(0, found.getDouble(stage, 0.0));
    }
    if (total <= 0) {
      return;
    }
    StringBuilder bar = new StringBuilder();
    StringBuilder legend = new StringBuilder();
    for (Map.Entry<String, String> stage : STAGES.entrySet()) {
      double ms = Math.max(0, found.getDouble(stage.getKey(), 0.0));
      bar.append(stage.getValue().repeat((int) Math.round(BAR * ms / total)));
      legend.append(
          String.format(Locale.ROOT, " %s %s %.0f", stage.getValue(), stage.getKey(), ms));
    }
    out.printf(Locale.ROOT, "          [%s] %.0f ms:%s%n", bar, total, legend);
    out.flush();
  }

  private static Map<String, String> stageSigns() {
    Map<String, String> signs = new LinkedHashMap<>();
    signs.put("endpointing", "e");
    signs.put("stt_final", "s");
    signs.put("llm_first_token", "l");
    signs.put("first_segment", "f");
    signs.put("tts_first_audio", "t");
    signs.put("playout", "p");
    signs.put("residual", "r");
    return signs;
  }
}
