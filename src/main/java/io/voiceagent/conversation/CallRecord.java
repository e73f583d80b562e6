package io.voiceagent.conversation;

import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallView;
import io.voiceagent.call.TurnTimeline;
import io.voiceagent.turn.TurnEffect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an operator may see of a call: its latest turns and where their waits went; no words. */
final class CallRecord {
  private final CallInfo info;
  private final String node;
  private final ArrayDeque<CallView.TurnView> turns = new ArrayDeque<>();
  private CallView.@Nullable TurnView running;
  private int count;

  CallRecord(CallInfo info, String node) {
    this.info = info;
    this.node = node;
  }

  void firstAudio(TurnTimeline timeline) {
    running = new CallView.TurnView(
        timeline.turn().value(), "running", timeline.timeToFirstAudioMs(), stages(timeline));
  }

  void ended(TurnEffect.TurnEnded ended) {
    TurnTimeline timeline = ended.timeline();
    count++;
    add(new CallView.TurnView(
        ended.turn().value(),
        ended.outcome().label(),
        timeline == null ? 0 : timeline.timeToFirstAudioMs(),
        timeline == null ? Map.of() : stages(timeline)));
    running = null;
  }

  CallView view(String state, long runningMs) {
    ArrayList<CallView.TurnView> all = new ArrayList<>(turns);
    if (running != null) {
      all.add(running);
    }
    return new CallView(
        info.id(),
        info.direction(),
        info.maskedCustomer(),
        node,
        runningMs,
        state,
        count,
        all.subList(Math.max(0, all.size() - CallView.MAX_TURNS), all.size()));
  }

  private void add(CallView.TurnView turn) {
    turns.add(turn);
    while (turns.size() > CallView.MAX_TURNS) {
      turns.remove();
    }
  }

  private static Map<String, Double> stages(TurnTimeline timeline) {
    Map<String, Double> stages = new LinkedHashMap<>();
    timeline.stagesMs().forEach((stage, ms) -> stages.put(stage.label(), ms));
    return stages;
  }
}
