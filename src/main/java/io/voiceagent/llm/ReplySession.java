package io.voiceagent.llm;

import io.vertx.core.Vertx;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import io.voiceagent.resilience.Attempts;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reply: from the order to its last word. Text goes to the voice under the voice's credit; without credit the
 * provider's socket is not read. What has not been written yet may be asked for again, elsewhere if need be; what has been
 * written never is.
 */
final class ReplySession implements LlmConnection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ReplySession.class);
  /** Deltas that may wait for the voice's stream to open. */
  private static final int HIGH_WATER = 32;

  private final CallId call;
  private final CallOrder.GenerateReply order;
  private final Mailbox mailbox;
  private final LlmNode node;
  private final Map<String, LlmConnection> connections;
  private final RetryBudget.OfCall budget;
  private final Vertx vertx;
  private final Clock clock;
  private final Runnable onEnd;
  private final StringBuilder text = new StringBuilder();
  private final ArrayDeque<TextDelta> waiting = new ArrayDeque<>();
  private LlmConnection.@Nullable Reply reply;
  private Fallback.@Nullable Choice<LlmProvider> choice;
  private Attempts attempts;
  private final Set<String> spent = new HashSet<>();
  private @Nullable BusWriter<TextDelta> writer;
  private boolean opening;
  private boolean complete;
  private boolean over;

  ReplySession(
      CallId call,
      CallOrder.GenerateReply order,
      Mailbox mailbox,
      LlmNode node,
      Map<String, LlmConnection> connections,
      RetryBudget.OfCall budget,
      Vertx vertx,
      Runnable onEnd) {
    this.call = call;
    this.order = order;
    this.mailbox = mailbox;
    this.node = node;
    this.connections = connections;
    this.budget = budget;
    this.vertx = vertx;
    this.clock = node.clock;
    this.attempts = new Attempts(node.resilience, node.budget, budget);
    this.onEnd = onEnd;
  }

  TurnId turn() {
    return order.speech().turn();
  }

  void start() {
    choose();
  }

  /** Nobody wants the rest. */
  void cancel() {
    if (over) {
      return;
    }
    if (reply != null) {
      reply.cancel();
    }
    if (choice != null) {
      choice.permit().released();
    }
    if (writer != null) {
      writer.fail(new Failure(Failure.Stage.LLM, Failure.Kind.CANCELLED, "the turn is over"));
    }
    end();
  }

  // ---- LlmConnection.Listener

  @Override
  public void text(String delta, long waitedNanos) {
    if (over || delta.isEmpty()) {
      return;
    }
    if (text.length() == 0) {
      succeeded(waitedNanos);
      tell(new CallFact.FirstToken(clock.nanos(), turn(), waitedNanos));
    }
    text.append(delta);
    waiting.add(new TextDelta(delta));
    if (writer == null && !opening) {
      open();
    }
    drain();
  }

  @Override
  public void completed(List<ToolCall> toolCalls, boolean truncated) {
    if (over) {
      return;
    }
    if (text.length() == 0) {
      succeeded(0);
    }
    complete = true;
    tell(new CallFact.ReplyCompleted(clock.nanos(), turn(), text.toString(), toolCalls, truncated));
    finish();
  }

  @Override
  public void failed(Failure failure) {
    if (over) {
      return;
    }
    node.meters.llmErrors.increment();
    if (failure.kind() == Failure.Kind.TIMEOUT) {
      node.meters.llmTimeouts.increment();
    }
    LOG.warn("call {} turn {}: {} {}", call, turn(), failure.kind(), failure.detail());
    Fallback.Choice<LlmProvider> failed = Objects.requireNonNull(choice);
    failed.permit().failed(failure);
    if (text.length() == 0 && askAgain(failed.entry(), failure)) {
      return;
    }
    giveUp(failure);
  }

  /** The provider has begun to answer. */
  private void succeeded(long waitedNanos) {
    Fallback.Choice<LlmProvider> answering = Objects.requireNonNull(choice);
    answering.permit().succeeded();
    if (waitedNanos > 0) {
      node.meters.providerFirstByte(answering.entry().name(), waitedNanos);
    }
  }

  /** Asks the first provider that is willing and has not been given up for this reply. */
  private void choose() {
    Optional<Fallback.Choice<LlmProvider>> picked =
        node.providers.pick(entry -> !spent.contains(entry.name()));
    if (picked.isEmpty()) {
      giveUp(new Failure(
          Failure.Stage.LLM, Failure.Kind.BREAKER_OPEN, "no language model takes requests now"));
      return;
    }
    ask(picked.get());
  }

  private void ask(Fallback.Choice<LlmProvider> picked) {
    choice = picked;
    attempts.begin();
    reply = Objects.requireNonNull(connections.get(picked.entry().name()))
        .ask(order.messages(), order.tools(), this);
  }

  /** The same provider once more, or the next one. False when neither is left. */
  private boolean askAgain(Fallback.Entry<LlmProvider> entry, Failure failure) {
    OptionalLong wait = attempts.waitBeforeNext(failure);
    if (wait.isPresent() && entry.breaker().closed()) {
      node.meters.retried(entry.name());
      vertx.setTimer(Math.max(1, wait.getAsLong()), id -> {
        if (!over) {
          choose();
        }
      });
      return true;
    }
    spent.add(entry.name());
    Optional<Fallback.Choice<LlmProvider>> next =
        node.providers.pick(other -> !spent.contains(other.name()));
    next.ifPresent(picked -> {
      node.meters.fellBack(entry.name(), picked.entry().name());
      attempts = new Attempts(node.resilience, node.budget, budget);
      ask(picked);
    });
    return next.isPresent();
  }

  private void giveUp(Failure failure) {
    complete = true;
    tell(new CallFact.ReplyFailed(clock.nanos(), turn(), text.toString(), failure));
    finish();
  }

  private void open() {
    opening = true;
    mailbox
        .open(order.speech().tts(), StreamType.REPLY_TEXT, call, order.speech())
        .onSuccess(opened -> {
          opening = false;
          if (over) {
            opened.fail(new Failure(Failure.Stage.LLM, Failure.Kind.CANCELLED, "the turn is over"));
            return;
          }
          writer = opened;
          opened.drainHandler(x -> drain());
          opened.cancelHandler(reason -> voiceGone());
          drain();
          finish();
        })
        .onFailure(cause -> {
          opening = false;
          if (!over) {
            Failure failure = FailureException.of(Failure.Stage.TTS, cause);
            voiceGone();
            tell(new CallFact.SpeechFailed(clock.nanos(), turn(), text.toString(), failure));
          }
        });
  }

  private void drain() {
    BusWriter<TextDelta> to = writer;
    while (to != null && !waiting.isEmpty() && !to.writeQueueFull()) {
      to.write(waiting.remove());
    }
    if (reply != null && !complete) {
      boolean blocked = to != null && !waiting.isEmpty() || waiting.size() > HIGH_WATER;
      if (blocked) {
        reply.pause();
      } else {
        reply.resume();
      }
    }
    if (complete) {
      finish();
    }
  }

  /** All text is written: end the stream, and with it this session. */
  private void finish() {
    if (over || !complete || opening || !waiting.isEmpty()) {
      return;
    }
    if (writer != null) {
      writer.end();
    }
    end();
  }

  /** The voice does not want more; it has told the conversation why. */
  private void voiceGone() {
    if (reply != null) {
      reply.cancel();
    }
    end();
  }

  private void end() {
    if (!over) {
      over = true;
      waiting.clear();
      onEnd.run();
    }
  }

  private void tell(CallFact fact) {
    mailbox.tell(order.speech().conversation(), call, fact);
  }
}
