package io.voiceagent.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link LlmProvider} must keep; a provider's test extends it. */
public abstract class LlmContract {
  private static final List<Message> DIALOGUE =
      List.of(new Message.System("Answer."), new Message.User("one two three"));

  protected final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  /** A client that nobody holds is closed by the garbage collector in the middle of its work. */
  private final List<LlmConnection> held = new ArrayList<>();

  /** A provider that has something to say to any words. */
  protected abstract LlmProvider provider() throws Exception;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void textComesFirstAndTheEndOnceAndNothingBeforeAskReturns() throws Exception {
    Heard heard = new Heard();
    onLoop(connection -> {
      connection.ask(DIALOGUE, List.of(), heard);
      assertThat(heard.events).as("before ask returned").isEmpty();
    });

    heard.ended.get(30, TimeUnit.SECONDS);
    assertThat(heard.events).filteredOn("completed"::equals).hasSize(1);
    assertThat(heard.events).last().isEqualTo("completed");
    assertThat(heard.events).first().isNotEqualTo("completed");
  }

  @Test
  void nothingIsHeardAfterACancellationNotEvenAnEnd() throws Exception {
    Heard cancelled = new Heard();
    Heard after = new Heard();
    onLoop(connection -> {
      LlmConnection.Reply reply = connection.ask(DIALOGUE, List.of(), cancelled);
      reply.cancel();
      reply.cancel();
      connection.ask(DIALOGUE, List.of(), after);
    });

    after.ended.get(10, TimeUnit.SECONDS);
    assertThat(cancelled.events).isEmpty();
    assertThat(after.events).endsWith("completed");
  }

  @Test
  void aReplyThatWasPausedIsWholeWhenItGoesOn() throws Exception {
    Heard straight = new Heard();
    Heard paused = new Heard();
    onLoop(connection -> connection.ask(DIALOGUE, List.of(), straight));
    straight.ended.get(10, TimeUnit.SECONDS);
    onLoop(connection -> {
      LlmConnection.Reply reply = connection.ask(DIALOGUE, List.of(), paused);
      reply.pause();
      vertx.setTimer(50, id -> reply.resume());
    });

    paused.ended.get(10, TimeUnit.SECONDS);
    assertThat(String.join("", paused.events)).isEqualTo(String.join("", straight.events));
  }

  private void onLoop(Consumer<LlmConnection> action) throws Exception {
    LlmProvider provider = provider();
    CompletableFuture<Void> done = new CompletableFuture<>();
    vertx.runOnContext(x -> {
      try {
        LlmConnection connection = provider.connect(vertx);
        held.add(connection);
        action.accept(connection);
        done.complete(null);
      } catch (RuntimeException | AssertionError e) {
        done.completeExceptionally(e);
      }
    });
    done.get(10, TimeUnit.SECONDS);
  }

  private static final class Heard implements LlmConnection.Listener {
    private final List<String> events = new ArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public void text(String delta, long waitedNanos) {
      events.add(delta);
    }

    @Override
    public void completed(List<ToolCall> toolCalls, boolean truncated) {
      events.add("completed");
      ended.complete(null);
    }

    @Override
    public void failed(Failure failure) {
      events.add("failed");
      ended.completeExceptionally(new AssertionError(failure.toString()));
    }
  }
}
