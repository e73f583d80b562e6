package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tools that the model asked for: run, answered, and answered even when nobody waits any more. */
final class ToolRules {
  private final CallState call;
  private final Map<String, ToolCall> running = new LinkedHashMap<>();

  ToolRules(CallState call) {
    this.call = call;
  }

  boolean idle() {
    return running.isEmpty();
  }

  void asked(Utterance of, CallFact.ReplyCompleted reply) {
    call.dialogue.toolCalls(reply.text(), reply.toolCalls());
    of.logged = true;
    boolean ends = false;
    for (ToolCall tool : reply.toolCalls()) {
      if (tool.name().equals(TurnMachine.END_CALL)) {
        ends = true;
        call.dialogue.toolResult(
            new ToolResult(tool.id(), tool.name(), "The call is ending.", false));
      } else {
        running.put(tool.id(), tool);
      }
    }
    if (ends) {
      cancel();
      call.ending.afterWords(of, reply.text());
      return;
    }
    for (ToolCall tool : reply.toolCalls()) {
      call.emit(new TurnEffect.RunTool(of.turn, tool));
    }
    if (call.agent.floor != AgentFloor.SPEAKING) {
      call.timers.start(Timer.THINKING, call.options.thinkingTimeout());
    }
  }

  void returned(CallFact.ToolReturned returned) {
    if (running.remove(returned.result().callId()) == null) {
      call.emit(new TurnEffect.LateDropped(returned));
      return;
    }
    call.dialogue.toolResult(returned.result());
    if (running.isEmpty()) {
      call.answering.generate();
    }
  }

  /** Every tool call is answered in the log, even one that nobody waits for any more. */
  void cancel() {
    for (ToolCall tool : running.values()) {
      call.dialogue.toolResult(new ToolResult(tool.id(), tool.name(), "Cancelled.", true));
    }
    running.clear();
  }
}
