package io.voiceagent.llm;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TurnId;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The language models of one event loop: one {@link ReplySession} per reply under way. */
public final class LlmVerticle extends VerticleBase {
  private final LlmNode node;
  private final Bus bus;
  private final Map<String, LlmConnection> connections = new HashMap<>();
  private final Map<CallId, Call> calls = new HashMap<>();
  private @Nullable Mailbox mailbox;

  /** What a call has here: its replies under way and its share of retries. */
  private static final class Call {
    final RetryBudget.OfCall budget;
    final List<ReplySession> replies = new ArrayList<>(1);
    /** Where the call lives. */
    String node;

    Call(RetryBudget.OfCall budget, String node) {
      this.budget = budget;
      this.node = node;
    }
  }

  public LlmVerticle(LlmNode node, Bus bus) {
    this.node = node;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.LLM);
    mailbox = box;
    for (Fallback.Entry<LlmProvider> entry : node.providers.entries()) {
      connections.put(entry.name(), entry.provider().connect(vertx));
    }
    connections.values().forEach(LlmConnection::warm);
    box.on(CallOrder.GenerateReply.class, (call, order) -> generate(box, call, order));
    box.on(CallOrder.CommitReply.class, (call, order) -> commit(call, order.turn()));
    box.on(CallOrder.CancelTurn.class, (call, order) -> cancel(call, order.turn()));
    box.on(CallOrder.ReleaseCall.class, (call, order) -> release(call));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    List.copyOf(calls.keySet()).forEach(this::release);
    connections.values().forEach(LlmConnection::close);
    return Objects.requireNonNull(mailbox).close();
  }

  private void generate(Mailbox box, CallId call, CallOrder.GenerateReply order) {
    String asking = order.speech().conversation().node();
    Call of = calls.computeIfAbsent(call, id -> new Call(node.budget.ofCall(), asking));
    of.node = asking;
    ReplySession[] self = new ReplySession[1];
    ReplySession session = new ReplySession(
        call, order, box, node, connections, of.budget, vertx, () -> of.replies.remove(self[0]));
    self[0] = session;
    of.replies.add(session);
    session.start();
  }

  private void commit(CallId call, TurnId turn) {
    Call of = calls.get(call);
    if (of != null) {
      for (ReplySession session : List.copyOf(of.replies)) {
        if (session.turn().equals(turn)) {
          session.commit();
        }
      }
    }
  }

  private void cancel(CallId call, TurnId upTo) {
    Call of = calls.get(call);
    if (of != null) {
      for (ReplySession session : List.copyOf(of.replies)) {
        if (!session.turn().isAfter(upTo)) {
          session.cancel();
        }
      }
    }
  }

  /** From any thread: a node is lost, and releases its calls no more. */
  public void nodeLost(String name) {
    if (context != null) {
      context.runOnContext(x -> askersLost(name));
    }
  }

  private void askersLost(String name) {
    for (Call of : List.copyOf(calls.values())) {
      for (ReplySession reply : List.copyOf(of.replies)) {
        if (reply.conversation().node().equals(name)) {
          reply.askerLost();
        }
      }
    }
    calls.values().removeIf(of -> of.node.equals(name) && of.replies.isEmpty());
  }

  private void release(CallId call) {
    cancel(call, new TurnId(Integer.MAX_VALUE));
    calls.remove(call);
  }
}
