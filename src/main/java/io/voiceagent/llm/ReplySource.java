package io.voiceagent.llm;

import io.vertx.core.Vertx;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.ToolCall;
import io.voiceagent.metrics.ProviderMeters.Hedge;
import io.voiceagent.resilience.Attempts;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one reply from the models, whatever it takes: from the preferred one, from the next one at once, from the same one
 * again after a wait, from two at a time when the first lets one wait. It is the one owner of these attempts. After the
 * first text nothing is asked for again: it may have been heard.
 */
final class ReplySource {
  private static final Logger LOG = LoggerFactory.getLogger(ReplySource.class);

  /** Who takes the reply. */
  interface Sink {
    /** More text. {@code waitedNanos}: request written to this text received; for the first one. */
    void text(String delta, long waitedNanos);

    void completed(List<ToolCall> toolCalls, boolean truncated);

    /** No model has more of it. */
    void failed(Failure failure);
  }

  private final Vertx vertx;
  private final LlmNode node;
  private final Map<String, LlmConnection> connections;
  private final RetryBudget.OfCall budget;
  private final CallId call;
  private final CallOrder.GenerateReply order;
  private final Sink sink;
  private final Map<String, Attempts> attempts = new HashMap<>();
  /** Servers that another one has been asked in place of; not asked again for this reply. */
  private final Set<String> spent = new HashSet<>();
  /** Under way and without text: one, or two while hedging. */
  private final List<Attempt> asked = new ArrayList<>(2);

  private @Nullable Attempt answering;
  private @Nullable Long retryTimer;
  private @Nullable Long hedgeTimer;
  private boolean hedged;
  private boolean over;

  ReplySource(
      Vertx vertx,
      LlmNode node,
      Map<String, LlmConnection> connections,
      RetryBudget.OfCall budget,
      CallId call,
      CallOrder.GenerateReply order,
      Sink sink) {
    this.vertx = vertx;
    this.node = node;
    this.connections = connections;
    this.budget = budget;
    this.call = call;
    this.order = order;
    this.sink = sink;
  }

  void start() {
    Optional<Fallback.Choice<LlmProvider>> first = pick(entry -> true);
    if (first.isEmpty()) {
      // Refused by our own breakers, yet a caller goes without: an outage must not look like
      // silence.
      node.meters.llmErrors.increment();
      giveUp(new Failure(Stage.LLM, Kind.BREAKER_OPEN, "no language model takes requests now"));
      return;
    }
    ask(first.get(), false);
  }

  void pause() {
    if (answering != null) {
      Objects.requireNonNull(answering.reply).pause();
    }
  }

  void resume() {
    if (answering != null) {
      Objects.requireNonNull(answering.reply).resume();
    }
  }

  /** Nobody wants the rest. Idempotent. */
  void cancel() {
    if (over) {
      return;
    }
    close();
    List.copyOf(asked).forEach(Attempt::cancel);
    asked.clear();
    if (answering != null) {
      answering.choice.permit().succeeded();
      answering.cancel();
    }
  }

  private Optional<Fallback.Choice<LlmProvider>> pick(
      Predicate<Fallback.Entry<LlmProvider>> wanted) {
    return node.providers.pick(entry -> !spent.contains(entry.name()) && wanted.test(entry));
  }

  private void ask(Fallback.Choice<LlmProvider> choice, boolean hedge) {
    Attempt begun = new Attempt(choice, hedge);
    asked.add(begun);
    attemptsAt(choice.entry().name()).begin();
    long after = node.hedgeAfter.toMillis();
    if (after > 0 && !hedged && hedgeTimer == null) {
      hedgeTimer = vertx.setTimer(after, id -> hedge());
    }
    begun.reply = Objects.requireNonNull(connections.get(choice.entry().name()))
        .ask(order.messages(), order.tools(), begun);
  }

  /** The first has let us wait: who of the two writes first is heard. Paid from the budget of repetitions. */
  private void hedge() {
    hedgeTimer = null;
    if (over || answering != null || asked.size() != 1 || !budget.tryTake()) {
      return;
    }
    String waiting = asked.get(0).name();
    Optional<Fallback.Choice<LlmProvider>> second = pick(entry -> !entry.name().equals(waiting));
    if (second.isEmpty()) {
      second = pick(entry -> entry.breaker().closed());
    }
    if (second.isPresent()) {
      hedged = true;
      ask(second.get(), true);
    }
  }

  /** One of those asked has begun to answer, or has said all in tool calls: the other is left. */
  private void answers(Attempt winner, long waitedNanos) {
    answering = winner;
    asked.remove(winner);
    winner.came(Hedge.WON);
    if (!winner.choice.entry().breaker().closed()) {
      winner.choice.permit().succeeded(); // A probe: others are waiting for its verdict.
    }
    if (waitedNanos > 0) {
      node.meters.providers.firstByte(winner.name(), waitedNanos);
    }
    for (Attempt other : List.copyOf(asked)) {
      other.cancel();
    }
    asked.clear();
    stopTimers();
  }

  private void failed(Attempt which, Failure failure) {
    count(failure);
    LOG.warn(
        "call {} turn {}: {} {}", call, order.speech().turn(), failure.kind(), failure.detail());
    which.choice.permit().failed(failure);
    if (which == answering) {
      giveUp(failure);
      return;
    }
    asked.remove(which);
    if (!asked.isEmpty()) {
      return; // The other may still answer.
    }
    askAgain(which.choice.entry(), failure);
  }

  /** The next server at once; without one, the same after a wait. */
  private void askAgain(Fallback.Entry<LlmProvider> entry, Failure failure) {
    Optional<Fallback.Choice<LlmProvider>> next = pick(other -> !other.name().equals(entry.name()));
    if (next.isPresent()) {
      spent.add(entry.name());
      node.meters.providers.fellBack(entry.name(), next.get().entry().name());
      ask(next.get(), false);
      return;
    }
    long closedFor = entry.breaker().remainingMs();
    OptionalLong wait = closedFor > node.resilience.maxBackoff().toMillis()
        ? OptionalLong.empty()
        : attemptsAt(entry.name()).waitBeforeNext(failure);
    if (wait.isEmpty()) {
      giveUp(failure);
      return;
    }
    node.meters.providers.retried(entry.name());
    retryTimer = vertx.setTimer(Math.max(closedFor + 1, wait.getAsLong()), id -> {
      retryTimer = null;
      pick(same -> same.name().equals(entry.name()))
          .ifPresentOrElse(choice -> ask(choice, false), () -> giveUp(failure));
    });
  }

  private Attempts attemptsAt(String provider) {
    return attempts.computeIfAbsent(
        provider, name -> new Attempts(node.resilience, node.budget, budget));
  }

  private void count(Failure failure) {
    node.meters.llmErrors.increment();
    if (failure.kind() == Kind.TIMEOUT) {
      node.meters.llmTimeouts.increment();
    }
  }

  private void giveUp(Failure failure) {
    if (!over) {
      close();
      sink.failed(failure);
    }
  }

  private void close() {
    over = true;
    stopTimers();
  }

  private void stopTimers() {
    for (Long timer : new Long[] {retryTimer, hedgeTimer}) {
      if (timer != null) {
        vertx.cancelTimer(timer);
      }
    }
    retryTimer = null;
    hedgeTimer = null;
  }

  /** One request to one server. What it says after another one has begun to answer is not heard. */
  private final class Attempt implements LlmConnection.Listener {
    final Fallback.Choice<LlmProvider> choice;
    final boolean hedge;
    LlmConnection.@Nullable Reply reply;
    private boolean left;
    private boolean counted;

    Attempt(Fallback.Choice<LlmProvider> choice, boolean hedge) {
      this.choice = choice;
      this.hedge = hedge;
    }

    String name() {
      return choice.entry().name();
    }

    /** Counted once, if this was the second of two. */
    void came(Hedge outcome) {
      if (hedge && !counted) {
        counted = true;
        node.meters.providers.hedged(outcome);
      }
    }

    void cancel() {
      left = true;
      came(Hedge.LOST);
      choice.permit().released();
      if (reply != null) {
        reply.cancel();
      }
    }

    @Override
    public void text(String delta, long waitedNanos) {
      if (over || left || delta.isEmpty()) {
        return;
      }
      if (answering == null) {
        answers(this, waitedNanos);
      }
      sink.text(delta, waitedNanos);
    }

    @Override
    public void completed(List<ToolCall> toolCalls, boolean truncated) {
      if (over || left) {
        return;
      }
      if (answering == null && toolCalls.isEmpty()) {
        failed(nothing(truncated));
        return;
      }
      if (answering == null) {
        answers(this, 0);
      }
      close();
      // Not before: a server that breaks off every answer does not answer as it should.
      choice.permit().succeeded();
      sink.completed(toolCalls, truncated);
    }

    @Override
    public void failed(Failure failure) {
      if (!over && !left) {
        left = true;
        came(Hedge.FAILED);
        ReplySource.this.failed(this, failure);
      }
    }

    /** A limit that leaves no room for a word is a mistake of ours, and asking again would not help. */
    private Failure nothing(boolean truncated) {
      return truncated
          ? new Failure(
              Stage.LLM,
              Kind.BAD_REQUEST,
              name() + " reached maxOutputTokens before its first word: raise it, or lower"
                  + " reasoningEffort")
          : new Failure(Stage.LLM, Kind.EMPTY, name() + " answered with nothing");
    }
  }
}
