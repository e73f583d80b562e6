package io.voiceagent.conversation;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.CallQuestion;
import io.voiceagent.call.CallView;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.turn.TurnMachine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The conversations of one event loop. */
public final class ConversationVerticle extends VerticleBase {
  /** Finished calls that an operator can still look at. */
  private static final int MAX_FINISHED = 100;

  private final ConversationNode node;
  private final Bus bus;
  private final Map<CallId, Conversation> conversations = new LinkedHashMap<>();
  private final Map<CallId, CallView> finished = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<CallId, CallView> eldest) {
      return size() > MAX_FINISHED;
    }
  };
  /** Of all calls here: one alone asks too seldom to tell what is usual. */
  private final FinalWaits finalWaits = new FinalWaits();

  private @Nullable Mailbox mailbox;

  public ConversationVerticle(ConversationNode node, Bus bus) {
    this.node = node;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.CONVERSATION);
    mailbox = box;
    box.on(CallOrder.OpenCall.class, (call, open) -> open(box, open));
    box.on(CallFact.class, this::happened);
    box.answer(
        CallQuestion.ListCalls.class,
        (from, question) -> Future.succeededFuture(new CallQuestion.CallList(views())));
    box.answer(
        CallQuestion.FindCall.class,
        (from, question) -> Future.succeededFuture(find(question.call())));
    box.answer(CallQuestion.EndCall.class, (from, question) -> {
      CallQuestion.CallList found = find(question.call());
      happened(question.call(), new CallFact.EndRequested(node.clock().nanos(), question.reason()));
      return Future.succeededFuture(found);
    });
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    new ArrayList<>(conversations.values()).forEach(Conversation::release);
    return Objects.requireNonNull(mailbox).close();
  }

  /** From any thread: a node has left the cluster. */
  public void nodeLost(String name) {
    if (context != null) {
      context.runOnContext(
          x -> new ArrayList<>(conversations.values()).forEach(call -> call.nodeLost(name)));
    }
  }

  private void open(Mailbox box, CallOrder.OpenCall open) {
    CallId call = open.info().id();
    Conversation before = conversations.get(call);
    if (before != null) {
      before.release();
    }
    Conversation[] self = new Conversation[1];
    Conversation conversation =
        new Conversation(vertx, box, node, open, finalWaits, () -> ended(call, self[0]));
    self[0] = conversation;
    finished.remove(call);
    conversations.put(call, conversation);
    conversation.start();
  }

  private void happened(CallId call, CallFact fact) {
    Conversation conversation = conversations.get(call);
    if (conversation != null) {
      conversation.happened(fact);
    } else if (TurnMachine.countsWhenLate(fact)) {
      node.meters().lateDropped.increment();
    }
  }

  private void ended(CallId call, Conversation conversation) {
    if (conversations.remove(call, conversation)) {
      finished.put(call, conversation.view());
    }
  }

  private List<CallView> views() {
    List<CallView> views = new ArrayList<>();
    conversations.values().forEach(conversation -> views.add(conversation.view()));
    return views;
  }

  private CallQuestion.CallList find(CallId call) {
    Conversation running = conversations.get(call);
    if (running != null) {
      return new CallQuestion.CallList(List.of(running.view()));
    }
    CallView before = finished.get(call);
    return new CallQuestion.CallList(before == null ? List.of() : List.of(before));
  }
}
