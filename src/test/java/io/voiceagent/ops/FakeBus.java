package io.voiceagent.ops;

import io.vertx.core.Future;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamAcceptor;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallId;
import io.voiceagent.call.StageAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Mailboxes that answer what a test says; an address without an answer times out. */
final class FakeBus implements Bus {
  final Map<StageAddress, Function<Object, Object>> answers = new HashMap<>();

  @Override
  public Mailbox bind(StageAddress.Stage stage) {
    return new FakeMailbox(new StageAddress("local", stage, 0));
  }

  private final class FakeMailbox implements Mailbox {
    private final StageAddress self;

    FakeMailbox(StageAddress self) {
      this.self = self;
    }

    @Override
    public StageAddress self() {
      return self;
    }

    @Override
    public <R> Future<R> ask(StageAddress to, Object question, Class<R> answer) {
      Function<Object, Object> known = answers.get(to);
      return known == null
          ? Future.failedFuture("no answer")
          : Future.succeededFuture(answer.cast(known.apply(question)));
    }

    @Override
    public <T, M> Future<BusWriter<T>> open(
        StageAddress peer, StreamType<T, M> type, CallId call, M open) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T, M> void accept(StreamType<T, M> type, StreamAcceptor<T, M> acceptor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void tell(StageAddress to, CallId call, Object message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <M> void on(Class<M> type, BiConsumer<CallId, M> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <Q, R> void answer(Class<Q> type, BiFunction<StageAddress, Q, Future<R>> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
