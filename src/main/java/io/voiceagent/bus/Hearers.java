package io.voiceagent.bus;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears what is told to a mailbox, and who answers what is asked of it. */
final class Hearers {
  private static final Logger LOG = LoggerFactory.getLogger(Hearers.class);

  private final StageAddress self;
  private final Map<Class<?>, BiConsumer<CallId, Object>> hearers = new LinkedHashMap<>();
  private final Map<Class<?>, @Nullable BiConsumer<CallId, Object>> hearerOf = new HashMap<>();
  private final Map<Class<?>, BiFunction<StageAddress, Object, Future<Object>>> answerers =
      new LinkedHashMap<>();

  Hearers(StageAddress self) {
    this.self = self;
  }

  <M> void on(Class<M> type, BiConsumer<CallId, M> handler) {
    hearers.put(type, (call, message) -> handler.accept(call, type.cast(message)));
    hearerOf.clear();
  }

  @SuppressWarnings("unchecked")
  <Q, R> void answer(Class<Q> type, BiFunction<StageAddress, Q, Future<R>> handler) {
    answerers.put(
        type, (from, question) -> (Future<Object>) handler.apply(from, type.cast(question)));
  }

  void hear(Envelope.Tell tell) {
    BiConsumer<CallId, Object> hearer = hearerOf.get(tell.message().getClass());
    if (hearer == null) {
      hearer = hearerFor(tell.message());
      hearerOf.put(tell.message().getClass(), hearer);
    }
    hearer.accept(tell.call(), tell.message());
  }

  /** Never fails: what goes wrong is a refusal. */
  Future<Envelope> asked(Envelope.Ask ask) {
    for (Map.Entry<Class<?>, BiFunction<StageAddress, Object, Future<Object>>> answerer :
        answerers.entrySet()) {
      if (answerer.getKey().isInstance(ask.question())) {
        Future<Object> answer = answerer.getValue().apply(ask.from(), ask.question());
        return answer
            .<Envelope>map(Envelope.Answer::new)
            .otherwise(e -> new Envelope.Refused(FailureException.of(Failure.Stage.BUS, e)));
      }
    }
    return Future.succeededFuture(new Envelope.Refused(new Failure(
        Failure.Stage.BUS,
        Failure.Kind.PEER_LOST,
        self.busAddress() + " does not know the answer")));
  }

  private BiConsumer<CallId, Object> hearerFor(Object message) {
    List<BiConsumer<CallId, Object>> found = new ArrayList<>(1);
    hearers.forEach((type, hearer) -> {
      if (type.isInstance(message)) {
        found.add(hearer);
      }
    });
    if (found.isEmpty()) {
      LOG.warn("{} hears no {}", self.busAddress(), message.getClass().getSimpleName());
      return (call, dropped) -> {};
    }
    return (call, heard) -> found.forEach(hearer -> hearer.accept(call, heard));
  }
}
