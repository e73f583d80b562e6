package io.voiceagent.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verticle instance's mailbox. To peers of the same node envelopes go by reference, to those of another one as bytes;
 * all else is the same. Everything here runs on one event loop.
 */
final class StageMailbox implements Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(StageMailbox.class);

  private record Accepting<T, M>(StreamType<T, M> type, StreamAcceptor<T, M> acceptor) {}

  private final Vertx vertx;
  private final Context context;
  private final StageAddress self;
  private final BusListener listener;
  private final Consumer<StageAddress> onClose;
  private final DeliveryOptions send =
      new DeliveryOptions().setLocalOnly(true).setCodecName(MailboxRack.CODEC);
  private final DeliveryOptions request;
  private final DeliveryOptions abroad = new DeliveryOptions();
  private final DeliveryOptions requestAbroad;
  private final @Nullable Remote remote;
  private final @Nullable RemoteStreams remotes;
  private final Map<String, Accepting<?, ?>> acceptors = new HashMap<>();
  private final Hearers hearers;
  private final Map<Long, CreditWriter<?>> writers = new HashMap<>();
  private final Map<Long, CreditReader<?>> readers = new HashMap<>();
  private @Nullable MessageConsumer<Object> consumer;
  private long lastStream;
  private boolean closed;

  /** @param remote null on a node that stands alone */
  StageMailbox(
      Vertx vertx,
      Context context,
      StageAddress self,
      BusOptions options,
      BusListener listener,
      @Nullable Remote remote,
      Consumer<StageAddress> onClose) {
    this.vertx = vertx;
    this.context = context;
    this.self = self;
    this.remote = remote;
    this.hearers = new Hearers(self);
    this.listener = listener;
    this.onClose = onClose;
    this.request =
        new DeliveryOptions(send).setSendTimeout(options.openTimeout().toMillis());
    this.requestAbroad =
        new DeliveryOptions().setSendTimeout(options.openTimeout().toMillis());
    this.remotes =
        remote == null ? null : new RemoteStreams(vertx, self, remote, options, this::post);
  }

  /** Completes when other nodes can reach it, too. */
  Future<Void> listen() {
    MessageConsumer<Object> bound = remote == null
        ? vertx.eventBus().localConsumer(self.busAddress())
        : vertx.eventBus().consumer(self.busAddress());
    consumer = bound;
    bound.handler(this::receive);
    return bound.completion();
  }

  /** From any thread: a node is gone. */
  void nodeLost(String node) {
    context.runOnContext(x -> {
      if (remotes != null) {
        remotes.lose(node);
      }
    });
  }

  @Override
  public StageAddress self() {
    return self;
  }

  @Override
  public <T, M> Future<BusWriter<T>> open(
      StageAddress peer, StreamType<T, M> type, CallId call, M open) {
    long id = ++lastStream;
    Future<Envelope> answered = ask(peer, new Envelope.Open(self, id, type.name(), call, open));
    answered.onFailure(cause -> {
      if (FailureException.of(Failure.Stage.BUS, cause).kind() == Kind.PEER_LOST) {
        // It may have taken the stream, only too late.
        post(peer, new Envelope.Abandon(self, id));
      }
    });
    return answered.compose(answer -> {
      Envelope.Accepted accepted = (Envelope.Accepted) answer;
      CreditWriter<T> writer = new CreditWriter<>(
          type, accepted.credit(), accepted.reader(), line(peer), listener, () -> {
            writers.remove(id);
            forget(id);
          });
      if (closed) {
        writer.fail(lost("the stage stopped"));
        return Future.failedFuture(new FailureException(lost("the stage stopped")));
      }
      writers.put(id, writer);
      watch(id, peer, accepted.reader(), writer);
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
    hearers.on(type, handler);
  }

  @Override
  public <R> Future<R> ask(StageAddress to, Object question, Class<R> answer) {
    return ask(to, new Envelope.Ask(self, question))
        .map(reply -> answer.cast(((Envelope.Answer) reply).value()));
  }

  @Override
  public <Q, R> void answer(Class<Q> type, BiFunction<StageAddress, Q, Future<R>> handler) {
    hearers.answer(type, handler);
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
    if (remotes != null) {
      remotes.close();
    }
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private Future<Envelope> ask(StageAddress to, Envelope question) {
    Remote far = abroad(to);
    Future<Message<Object>> reply = far == null
        ? vertx.eventBus().request(to.busAddress(), question, request)
        : vertx.eventBus().request(to.busAddress(), far.encode(question), requestAbroad);
    return reply
        .<Envelope>map(message -> envelope(message.body()))
        .recover(cause -> Future.failedFuture(new FailureException(
            lost(to.busAddress() + " does not answer: " + cause.getMessage()))))
        .compose(answer -> answer instanceof Envelope.Refused refused
            ? Future.failedFuture(new FailureException(refused.failure()))
            : Future.succeededFuture(answer));
  }

  private void post(StageAddress to, Envelope envelope) {
    line(to).accept(envelope);
  }

  /** Where envelopes of a stream go: its address is put together once, not for every frame. */
  private Consumer<Envelope> line(StageAddress to) {
    Remote far = abroad(to);
    String address = to.busAddress();
    return far == null
        ? envelope -> vertx.eventBus().send(address, envelope, send)
        : envelope -> vertx.eventBus().send(address, far.encode(envelope), abroad);
  }

  private void reply(Message<Object> question, Envelope answer) {
    if (remote != null && question.body() instanceof Buffer) {
      question.reply(remote.encode(answer), abroad);
    } else {
      question.reply(answer, send);
    }
  }

  /** Null for the neighbours of this node. */
  private @Nullable Remote abroad(StageAddress to) {
    return remote == null || to.node().equals(self.node()) ? null : remote;
  }

  private Envelope envelope(Object body) {
    return remote != null && body instanceof Buffer frame ? remote.decode(frame) : (Envelope) body;
  }

  private void watch(long id, StageAddress peer, long peerId, RemoteEnd end) {
    if (remotes != null && abroad(peer) != null) {
      remotes.add(id, peer, peerId, end);
    }
  }

  private void forget(long id) {
    if (remotes != null) {
      remotes.remove(id);
    }
  }

  private void receive(Message<Object> message) {
    Envelope envelope;
    try {
      envelope = envelope(message.body());
    } catch (WireFormatException e) {
      LOG.warn("{} dropped a frame: {}", self.busAddress(), e.getMessage());
      return;
    }
    if (envelope instanceof Envelope.Data data) {
      CreditReader<?> reader = readers.get(data.stream());
      if (reader != null) {
        reader.data(data.seq(), data.item());
      }
    } else if (envelope instanceof Envelope.Credit credit) {
      CreditWriter<?> writer = writers.get(credit.stream());
      if (writer != null) {
        writer.credit(credit.items());
      }
    } else if (envelope instanceof Envelope.Tell tell) {
      hearers.hear(tell);
    } else if (envelope instanceof Envelope.End end) {
      CreditReader<?> reader = readers.get(end.stream());
      if (reader != null) {
        reader.end(end.seq());
      }
    } else if (envelope instanceof Envelope.Fail fail) {
      CreditReader<?> reader = readers.get(fail.stream());
      if (reader != null) {
        reader.failed(fail.failure());
      }
    } else if (envelope instanceof Envelope.Cancel cancel) {
      CreditWriter<?> writer = writers.get(cancel.stream());
      if (writer != null) {
        writer.cancelled(cancel.reason());
      }
    } else if (envelope instanceof Envelope.Consumed consumed) {
      CreditWriter<?> writer = writers.get(consumed.stream());
      if (writer != null) {
        writer.consumed();
      }
    } else if (envelope instanceof Envelope.Open open) {
      reply(message, opened(open));
    } else if (envelope instanceof Envelope.Ask ask) {
      hearers.asked(ask).onSuccess(answer -> reply(message, answer));
    } else if (envelope instanceof Envelope.Alive alive && remotes != null) {
      remotes.alive(alive);
    } else if (envelope instanceof Envelope.Abandon abandon) {
      abandoned(abandon);
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
    CreditReader<T> reader =
        new CreditReader<>(type, open.from(), open.writer(), line(open.from()), listener, () -> {
          readers.remove(id);
          forget(id);
        });
    readers.put(id, reader);
    listener.opened(type);
    try {
      accepting.acceptor().accept(open.call(), type.open().cast(open.open()), reader);
    } catch (RuntimeException e) {
      reader.abandon();
      if (!(e instanceof FailureException)) {
        LOG.error("{} could not take {} of {}", self.busAddress(), type.name(), open.call(), e);
      }
      return new Envelope.Refused(FailureException.of(Failure.Stage.BUS, e));
    }
    Failure cancelled = reader.cancelled();
    if (cancelled != null) {
      // Before the opener knows of the stream: its refusal.
      return new Envelope.Refused(cancelled);
    }
    watch(id, open.from(), open.writer(), reader);
    return new Envelope.Accepted(id, type.window());
  }

  private void abandoned(Envelope.Abandon abandon) {
    for (CreditReader<?> reader : List.copyOf(readers.values())) {
      if (reader.isFrom(abandon.from(), abandon.writer())) {
        reader.failed(lost("its opener had given up"));
      }
    }
  }

  private static Failure lost(String detail) {
    return new Failure(Failure.Stage.BUS, Kind.PEER_LOST, detail);
  }
}
