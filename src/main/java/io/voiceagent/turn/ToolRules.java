package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tools that the model asked for: run, answered, and answered even when nobody waits any more. */
final class ToolRules {
  private static final int MAX_CANCELLED = 32;

  private final CallState call;
  private final Map<String, ToolCall> running = new LinkedHashMap<>();
  /** Answered as cancelled; they may have run all the same, and then the model has to know. */
  private final Map<String, ToolCall> cancelled = new LinkedHashMap<>();

  ToolRules(CallState call) {
    this.call = call;
  }

  boolean idle() {
    return running.isEmpty();
  }

  void asked(Utterance of, CallFact.ReplyCompleted reply) {
    call.dialogue.toolCalls(of.turn, reply.text(), reply.toolCalls());
    of.logged = true;
    boolean ends = false;
    for (ToolCall tool : reply.toolCalls()) {
      if (tool.name().equals(TurnMachine.END_CALL)) {
        ends = true;
        of.endCallId = tool.id();
        call.dialogue.toolResult(result(tool, "The call is ending.", false));
      } else {
        running.put(tool.id(), tool);
      }
    }
    if (ends) {
      cancel();
      call.ending.afterWords(of, EndReason.AGENT_HUNG_UP);
      return;
    }
    for (ToolCall tool : reply.toolCalls()) {
      call.emit(new TurnEffect.RunTool(of.turn, tool));
    }
    call.answering.ordered();
  }

  void returned(CallFact.ToolReturned returned) {
    ToolResult result = returned.result();
    if (running.remove(result.callId()) != null) {
      call.dialogue.toolResult(result);
      if (running.isEmpty()) {
        call.answering.generate();
      }
      return;
    }
    // It ran although nobody waits for it: what it did is not forgotten.
    if (cancelled.remove(result.callId()) != null) {
      call.dialogue.toolResult(result);
    }
    call.emit(new TurnEffect.LateDropped(returned));
  }

  /** Every tool call is answered in the log, even one that nobody waits for any more. */
  void cancel() {
    for (ToolCall tool : running.values()) {
      call.dialogue.toolResult(result(tool, "Cancelled.", true));
      cancelled.put(tool.id(), tool);
    }
    running.clear();
    while (cancelled.size() > MAX_CANCELLED) {
      cancelled.remove(cancelled.keySet().iterator().next());
    }
  }

  /** The model's goodbye was interrupted: the call goes on. */
  void stays(Utterance goodbye) {
    if (!goodbye.endCallId.isEmpty()) {
      call.dialogue.toolResult(new ToolResult(
          goodbye.endCallId, TurnMachine.END_CALL, "The caller goes on: not ended.", true));
    }
  }

  private static ToolResult result(ToolCall tool, String text, boolean error) {
    return new ToolResult(tool.id(), tool.name(), text, error);
  }
}
