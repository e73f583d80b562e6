package io.voiceagent.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mailbox whose peers live in the same process. Everything here runs on one event loop. */
final class LocalMailbox implements Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(LocalMailbox.class);

  private record Accepting<T, M>(StreamType<T, M> type, StreamAcceptor<T, M> acceptor) {}

  private final Vertx vertx;
  private final StageAddress self;
  private final BusListener listener;
  private final Consumer<StageAddress> onClose;
  private final DeliveryOptions send =
      new DeliveryOptions().setLocalOnly(true).setCodecName(LocalBus.CODEC);
  private final DeliveryOptions request;
  private final Map<String, Accepting<?, ?>> acceptors = new HashMap<>();
  private final Map<Class<?>, BiConsumer<CallId, Object>> hearers = new LinkedHashMap<>();
  private final Map<Class<?>, @Nullable BiConsumer<CallId, Object>> hearerOf = new HashMap<>();
  private final Map<Class<?>, BiFunction<StageAddress, Object, Future<Object>>> answerers =
      new LinkedHashMap<>();
  private final Map<Long, LocalWriter<?>> writers = new HashMap<>();
  private final Map<Long, LocalReader<?>> readers = new HashMap<>();
  private @Nullable MessageConsumer<Envelope> consumer;
  private long lastStream;
  private boolean closed;

  LocalMailbox(
      Vertx vertx,
      StageAddress self,
      BusOptions options,
      BusListener listener,
      Consumer<StageAddress> onClose) {
    this.vertx = vertx;
    this.self = self;
    this.listener = listener;
    this.onClose = onClose;
    this.request =
        new DeliveryOptions(send).setSendTimeout(options.openTimeout().toMillis());
  }

  void listen() {
    consumer = vertx.eventBus().localConsumer(self.busAddress(), this::receive);
  }

  @Override
  public StageAddress self() {
    return self;
  }

  @Override
  public <T, M> Future<BusWriter<T>> open(
      StageAddress peer, StreamType<T, M> type, CallId call, M open) {
    long id = ++lastStream;
    return ask(peer, new Envelope.Open(self, id, type.name(), call, open)).compose(answer -> {
      Envelope.Accepted accepted = (Envelope.Accepted) answer;
      LocalWriter<T> writer = new LocalWriter<>(
          type,
          accepted.credit(),
          accepted.reader(),
          e -> post(peer, e),
          listener,
          () -> writers.remove(id));
      if (closed) {
        writer.fail(lost("the stage stopped"));
        return Future.failedFuture(new FailureException(lost("the stage stopped")));
      }
      writers.put(id, writer);
      listener.opened(type);
      return Future.succeededFuture(writer);
    });
  }

  @Override
  public <T, M> void accept(StreamType<T, M> type, StreamAcceptor<T, M> acceptor) {
    if (acceptors.putIfAbsent(type.name(), new Accepting<>(type, acceptor)) != null) {
      throw new IllegalStateException(type.name() + " has an acceptor already");
    }
  }

  @Override
  public void tell(StageAddress to, CallId call, Object message) {
    post(to, new Envelope.Tell(call, message));
  }

  @Override
  public <M> void on(Class<M> type, BiConsumer<CallId, M> handler) {
    hearers.put(type, (call, message) -> handler.accept(call, type.cast(message)));
    hearerOf.clear();
  }

  @Override
  public <R> Future<R> ask(StageAddress to, Object question, Class<R> answer) {
    return ask(to, new Envelope.Ask(self, question))
        .map(reply -> answer.cast(((Envelope.Answer) reply).value()));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <Q, R> void answer(Class<Q> type, BiFunction<StageAddress, Q, Future<R>> handler) {
    answerers.put(
        type, (from, question) -> (Future<Object>) handler.apply(from, type.cast(question)));
  }

  @Override
  public Future<Void> close() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    onClose.accept(self);
    Failure failure = lost("the stage stopped");
    new ArrayList<>(writers.values()).forEach(writer -> writer.fail(failure));
    new ArrayList<>(readers.values()).forEach(reader -> reader.cancel(failure));
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private Future<Envelope> ask(StageAddress to, Envelope question) {
    return vertx
        .eventBus()
        .<Envelope>request(to.busAddress(), question, request)
        .<Envelope>map(Message::body)
        .recover(cause -> Future.failedFuture(new FailureException(
            lost(to.busAddress() + " does not answer: " + cause.getMessage()))))
        .compose(answer -> answer instanceof Envelope.Refused refused
            ? Future.failedFuture(new FailureException(refused.failure()))
            : Future.succeededFuture(answer));
  }

  private void post(StageAddress to, Envelope envelope) {
    vertx.eventBus().send(to.busAddress(), envelope, send);
  }

  private void receive(Message<Envelope> message) {
    Envelope envelope = message.body();
    if (envelope instanceof Envelope.Data data) {
      LocalReader<?> reader = readers.get(data.stream());
      if (reader != null) {
        reader.data(data.seq(), data.item());
      }
    } else if (envelope instanceof Envelope.Credit credit) {
      LocalWriter<?> writer = writers.get(credit.stream());
      if (writer != null) {
        writer.credit(credit.items());
      }
    } else if (envelope instanceof Envelope.Tell tell) {
      hear(tell);
    } else if (envelope instanceof Envelope.End end) {
      LocalReader<?> reader = readers.get(end.stream());
      if (reader != null) {
        reader.end(end.seq());
      }
    } else if (envelope instanceof Envelope.Fail fail) {
      LocalReader<?> reader = readers.get(fail.stream());
      if (reader != null) {
        reader.failed(fail.failure());
      }
    } else if (envelope instanceof Envelope.Cancel cancel) {
      LocalWriter<?> writer = writers.get(cancel.stream());
      if (writer != null) {
        writer.cancelled(cancel.reason());
      }
    } else if (envelope instanceof Envelope.Consumed consumed) {
      LocalWriter<?> writer = writers.get(consumed.stream());
      if (writer != null) {
        writer.consumed();
      }
    } else if (envelope instanceof Envelope.Open open) {
      message.reply(opened(open), send);
    } else if (envelope instanceof Envelope.Ask ask) {
      asked(ask).onSuccess(answer -> message.reply(answer, send));
    }
  }

  private Envelope opened(Envelope.Open open) {
    Accepting<?, ?> accepting = acceptors.get(open.type());
    if (accepting == null) {
      return new Envelope.Refused(lost(self.busAddress() + " takes no " + open.type()));
    }
    return accept(accepting, open);
  }

  private <T, M> Envelope accept(Accepting<T, M> accepting, Envelope.Open open) {
    StreamType<T, M> type = accepting.type();
    long id = ++lastStream;
    LocalReader<T> reader = new LocalReader<>(
        type, open.writer(), e -> post(open.from(), e), listener, () -> readers.remove(id));
    try {
      accepting.acceptor().accept(open.call(), type.open().cast(open.open()), reader);
    } catch (RuntimeException e) {
      reader.abandon();
      if (!(e instanceof FailureException)) {
        LOG.error("{} could not take {} of {}", self.busAddress(), type.name(), open.call(), e);
      }
      return new Envelope.Refused(FailureException.of(Failure.Stage.BUS, e));
    }
    readers.put(id, reader);
    listener.opened(type);
    return new Envelope.Accepted(id, type.window());
  }

  private void hear(Envelope.Tell tell) {
    BiConsumer<CallId, Object> hearer = hearerOf.get(tell.message().getClass());
    if (hearer == null) {
      hearer = hearerFor(tell.message());
      hearerOf.put(tell.message().getClass(), hearer);
    }
    hearer.accept(tell.call(), tell.message());
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

  private Future<Envelope> asked(Envelope.Ask ask) {
    for (Map.Entry<Class<?>, BiFunction<StageAddress, Object, Future<Object>>> answerer :
        answerers.entrySet()) {
      if (answerer.getKey().isInstance(ask.question())) {
        Future<Object> answer = answerer.getValue().apply(ask.from(), ask.question());
        return answer
            .<Envelope>map(Envelope.Answer::new)
            .otherwise(e -> new Envelope.Refused(FailureException.of(Failure.Stage.BUS, e)));
      }
    }
    return Future.succeededFuture(
        new Envelope.Refused(lost(self.busAddress() + " does not know the answer")));
  }

  private static Failure lost(String detail) {
    return new Failure(Failure.Stage.BUS, Kind.PEER_LOST, detail);
  }
}
