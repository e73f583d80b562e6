package io.voiceagent.llm;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolSpec;
import java.util.List;

/** One event loop's way to a language model. */
public interface LlmConnection {
  /**
   * Asks the model to go on with this dialogue. Exactly one of {@code completed} and {@code failed} is called, after all
   * text, and nothing after {@code cancel}. Never calls the listener before it returns. Repeats nothing by itself.
   */
  Reply ask(List<Message> dialogue, List<ToolSpec> tools, Listener listener);

  /** Opens connections before they are needed. */
  default void warm() {}

  void close();

  /** A reply under way. */
  interface Reply {
    /** Stops reading from the provider's socket. */
    void pause();

    void resume();

    /** Ends the request so that the provider sees it. Idempotent. */
    void cancel();
  }

  /** What becomes of a reply. */
  interface Listener {
    /** More text, verbatim. {@code waitedNanos}: request written to this text received; for the first one. */
    void text(String delta, long waitedNanos);

    void completed(List<ToolCall> toolCalls, boolean truncated);

    void failed(Failure failure);
  }
}
