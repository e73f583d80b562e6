package io.voiceagent.llm.example;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.llm.LlmConnection;
import io.voiceagent.llm.LlmProvider;
import java.util.List;

/** The smallest provider that keeps the contract: says again what the caller said. The example of docs/providers.md. */
public final class ParrotLlm implements LlmProvider {
  @Override
  public String name() {
    return "parrot";
  }

  @Override
  public LlmConnection connect(Vertx vertx) {
    Context loop = vertx.getOrCreateContext();
    return new LlmConnection() {
      @Override
      public Reply ask(List<Message> dialogue, List<ToolSpec> tools, Listener listener) {
        Speaking speaking = new Speaking(lastWords(dialogue), listener);
        // Never before ask returns: the caller has no reply to cancel until then.
        loop.runOnContext(x -> speaking.go());
        return speaking;
      }

      @Override
      public void close() {}
    };
  }

  private static String lastWords(List<Message> dialogue) {
    String words = "";
    for (Message message : dialogue) {
      words = message instanceof Message.User user ? user.text() : words;
    }
    return words;
  }

  private static final class Speaking implements LlmConnection.Reply {
    private final String words;
    private final LlmConnection.Listener listener;
    private boolean paused;
    private boolean over;

    Speaking(String words, LlmConnection.Listener listener) {
      this.words = words;
      this.listener = listener;
    }

    void go() {
      if (over || paused) {
        return;
      }
      over = true;
      listener.text(words, 0);
      listener.completed(List.of(), false);
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
      go();
    }

    /** Nothing is told any more; a real provider resets its request here, so that the vendor sees it. */
    @Override
    public void cancel() {
      over = true;
    }
  }
}
