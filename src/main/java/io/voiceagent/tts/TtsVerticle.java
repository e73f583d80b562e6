package io.voiceagent.tts;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;
import io.voiceagent.resilience.Fallback;
import io.voiceagent.resilience.RetryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The voices of one event loop. */
public final class TtsVerticle extends VerticleBase {
  private final TtsNode node;
  private final Bus bus;
  private final Map<String, TtsConnection> connections = new HashMap<>();
  private final Map<CallId, Voice> calls = new HashMap<>();
  private final List<Preparation> preparations = new ArrayList<>();
  private @Nullable Mailbox mailbox;

  /** What is kept of a call while it speaks. */
  private static final class Voice {
    final RetryBudget.OfCall budget;
    final List<SpeechSession> sessions = new ArrayList<>(2);

    Voice(RetryBudget.OfCall budget) {
      this.budget = budget;
    }
  }

  public TtsVerticle(TtsNode node, Bus bus) {
    this.node = node;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.TTS);
    mailbox = box;
    for (Fallback.Entry<TtsProvider> entry : node.providers.entries()) {
      connections.put(entry.name(), entry.provider().connect(vertx));
    }
    connection(node.providers.entries().get(0).provider()).warm();
    box.accept(StreamType.REPLY_TEXT, this::speak);
    box.on(CallOrder.CancelTurn.class, (call, order) -> cancel(call, order.turn()));
    box.on(CallOrder.ReleaseCall.class, (call, order) -> release(call));
    for (String text : node.fixedTexts) {
      Preparation preparation = new Preparation(vertx, node, this::connection, text);
      preparations.add(preparation);
      preparation.start();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    preparations.forEach(Preparation::stop);
    List.copyOf(calls.keySet()).forEach(this::release);
    List<Future<?>> closing = new ArrayList<>();
    connections.values().forEach(connection -> closing.add(connection.close()));
    closing.add(Objects.requireNonNull(mailbox).close());
    return Future.join(closing);
  }

  private void speak(CallId call, SpeechRequest request, BusReader<TextDelta> text) {
    Voice voice = calls.computeIfAbsent(call, id -> new Voice(node.budget.ofCall()));
    SpeechSession[] self = new SpeechSession[1];
    SpeechSession session = new SpeechSession(
        vertx,
        node,
        Objects.requireNonNull(mailbox),
        call,
        request,
        text,
        this::connection,
        voice.budget,
        () -> ended(call, self[0]));
    self[0] = session;
    voice.sessions.add(session);
    session.start();
  }

  private void ended(CallId call, SpeechSession session) {
    Voice voice = calls.get(call);
    if (voice != null) {
      voice.sessions.remove(session);
      if (voice.sessions.isEmpty()) {
        calls.remove(call);
      }
    }
  }

  private void cancel(CallId call, TurnId turn) {
    Voice voice = calls.get(call);
    if (voice != null) {
      for (SpeechSession session : List.copyOf(voice.sessions)) {
        if (!session.turn().isAfter(turn)) {
          session.cancel();
        }
      }
    }
  }

  private void release(CallId call) {
    Voice voice = calls.get(call);
    if (voice != null) {
      List.copyOf(voice.sessions).forEach(SpeechSession::cancel);
      calls.remove(call);
    }
  }

  private TtsConnection connection(TtsProvider provider) {
    return Objects.requireNonNull(connections.get(provider.name()));
  }

  /** Calls with an utterance under way. */
  int speaking() {
    return calls.size();
  }
}
