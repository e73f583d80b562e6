package io.voiceagent.llm;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TurnId;
import io.voiceagent.metrics.VoiceMeters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The language models of one event loop: one {@link ReplySession} per reply under way. */
public final class LlmVerticle extends VerticleBase {
  private final LlmOptions options;
  private final Function<Vertx, List<LlmProvider>> providers;
  private final ProviderHealth health;
  private final VoiceMeters meters;
  private final Clock clock;
  private final Bus bus;
  private final Map<CallId, List<ReplySession>> sessions = new HashMap<>();
  private List<LlmProvider> open = List.of();
  private @Nullable Mailbox mailbox;

  /** @param providers makes this loop's providers, in the order in which they are tried */
  public LlmVerticle(
      LlmOptions options,
      Function<Vertx, List<LlmProvider>> providers,
      ProviderHealth health,
      VoiceMeters meters,
      Clock clock,
      Bus bus) {
    this.options = options;
    this.providers = providers;
    this.health = health;
    this.meters = meters;
    this.clock = clock;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.LLM);
    mailbox = box;
    open = List.copyOf(providers.apply(vertx));
    open.forEach(LlmProvider::warmUp);
    ProviderChain chain = new ProviderChain(vertx, open, options.retries(), meters, health);
    box.on(CallOrder.GenerateReply.class, (call, order) -> generate(box, chain, call, order));
    box.on(CallOrder.CancelTurn.class, (call, order) -> cancel(call, order.turn()));
    box.on(
        CallOrder.ReleaseCall.class, (call, order) -> cancel(call, new TurnId(Integer.MAX_VALUE)));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    List.copyOf(sessions.keySet()).forEach(call -> cancel(call, new TurnId(Integer.MAX_VALUE)));
    open.forEach(LlmProvider::close);
    return Objects.requireNonNull(mailbox).close();
  }

  private void generate(
      Mailbox box, ProviderChain chain, CallId call, CallOrder.GenerateReply order) {
    ReplySession[] self = new ReplySession[1];
    ReplySession session =
        new ReplySession(call, order, box, chain, meters, clock, () -> ended(call, self[0]));
    self[0] = session;
    sessions.computeIfAbsent(call, id -> new ArrayList<>(1)).add(session);
    session.start();
  }

  private void cancel(CallId call, TurnId upTo) {
    for (ReplySession session : List.copyOf(sessions.getOrDefault(call, List.of()))) {
      if (!session.turn().isAfter(upTo)) {
        session.cancel();
      }
    }
  }

  private void ended(CallId call, ReplySession session) {
    sessions.computeIfPresent(call, (id, all) -> {
      all.remove(session);
      return all.isEmpty() ? null : all;
    });
  }
}
