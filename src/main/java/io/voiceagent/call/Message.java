package io.voiceagent.call;

import java.util.List;

/** One entry of the dialogue as a language model is asked to continue it. */
public sealed interface Message {
  /** Standing instructions. */
  record System(String text) implements Message {}

  record User(String text) implements Message {}

  /** What the agent said (only what was heard, once it was interrupted) and the tools it asked for. */
  record Assistant(String text, List<ToolCall> toolCalls) implements Message {
    public Assistant {
      toolCalls = List.copyOf(toolCalls);
    }
  }

  record Tool(ToolResult result) implements Message {}
}
