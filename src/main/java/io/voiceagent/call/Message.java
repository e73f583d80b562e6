package io.voiceagent.call;

import java.util.List;

/** One entry of the dialogue as a language model is asked to continue it. */
public sealed interface Message {
  /** Standing instructions. */
  record System(String text) implements Message {}

  record User(String text) implements Message {}

  /**
   * What the agent said (only what was heard, once it was interrupted) and the tools it asked for. {@code unheard}: what it
   * would have said besides; kept for people, not for the model.
   */
  record Assistant(String text, List<ToolCall> toolCalls, String unheard) implements Message {
    public Assistant {
      toolCalls = List.copyOf(toolCalls);
    }

    public Assistant(String text, List<ToolCall> toolCalls) {
      this(text, toolCalls, "");
    }
  }

  record Tool(ToolResult result) implements Message {}
}
