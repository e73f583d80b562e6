package io.voiceagent.ops;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.CallView;
import io.voiceagent.call.CallView.TurnView;
import io.voiceagent.call.TurnTimeline;
import java.util.Locale;

/** A call as the API shows it. Times are milliseconds with one decimal. */
final class CallJson {
  private CallJson() {}

  static JsonObject of(CallView call) {
    JsonArray turns = new JsonArray();
    call.turns().forEach(turn -> turns.add(of(turn)));
    return new JsonObject()
        .put("callSid", call.id().value())
        .put("direction", call.direction().name().toLowerCase(Locale.ROOT))
        .put("customer", call.customer())
        .put("node", call.node())
        .put("runningMs", call.runningMs())
        .put("state", call.state())
        .put("turnCount", call.turnCount())
        .put("turns", turns);
  }

  private static JsonObject of(TurnView turn) {
    JsonObject stages = new JsonObject();
    // In the order in which they happen, not in that of the map.
    for (TurnTimeline.Stage stage : TurnTimeline.Stage.values()) {
      Double ms = turn.stagesMs().get(stage.label());
      if (ms != null) {
        stages.put(stage.label(), tenth(ms));
      }
    }
    JsonObject json = new JsonObject().put("turn", turn.turn()).put("outcome", turn.outcome());
    // A wait that never ended is not one of 0 ms.
    if (!stages.isEmpty()) {
      json.put("timeToFirstAudioMs", tenth(turn.timeToFirstAudioMs()));
    }
    return json.put("stagesMs", stages);
  }

  private static double tenth(double ms) {
    return Math.round(ms * 10) / 10.0;
  }
}
