package io.voiceagent.llm.openai;

import io.voiceagent.call.Failure;
import io.voiceagent.call.ToolCall;
import java.util.List;

/** What an event of a model's stream means. */
sealed interface Decoded {
  record Text(String text) implements Decoded {}

  /** Nothing to speak yet, but part of the answer: a piece of a tool call. */
  record Working() implements Decoded {}

  record Finished(List<ToolCall> toolCalls, boolean truncated) implements Decoded {}

  record Broken(Failure failure) implements Decoded {}
}
