package io.voiceagent.bus;

import io.vertx.core.Handler;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands items on as they are wanted and grants credit for what was consumed. */
final class CreditReader<T> implements BusReader<T>, RemoteEnd {
  private static final Logger LOG = LoggerFactory.getLogger(CreditReader.class);

  private final StreamType<T, ?> type;
  private final StageAddress from;
  private final long writer;
  private final Consumer<Envelope> peer;
  private final BusListener listener;
  private final Runnable onClose;
  private final ArrayDeque<T> queue = new ArrayDeque<>();
  private long demand = Long.MAX_VALUE;
  private int expected;
  private int consumed;
  private long granted;
  private boolean ended;
  private boolean over;
  private boolean draining;
  private @Nullable Failure cancelled;
  private @Nullable Handler<T> handler;
  private @Nullable Handler<@Nullable Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  CreditReader(
      StreamType<T, ?> type,
      StageAddress from,
      long writer,
      Consumer<Envelope> peer,
      BusListener listener,
      Runnable onClose) {
    this.type = type;
    this.from = from;
    this.writer = writer;
    this.peer = peer;
    this.listener = listener;
    this.onClose = onClose;
  }

  @Override
  public CreditReader<T> handler(@Nullable Handler<T> handler) {
    this.handler = handler;
    drain();
    return this;
  }

  @Override
  public CreditReader<T> endHandler(@Nullable Handler<@Nullable Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public CreditReader<T> exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }

  @Override
  public CreditReader<T> pause() {
    demand = 0;
    return this;
  }

  @Override
  public CreditReader<T> resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public CreditReader<T> fetch(long items) {
    demand = demand + items < 0 ? Long.MAX_VALUE : demand + items;
    drain();
    return this;
  }

  boolean isFrom(StageAddress opener, long id) {
    return writer == id && from.equals(opener);
  }

  /** Why this end was cancelled here, or null. */
  @Nullable
  Failure cancelled() {
    return cancelled;
  }

  @Override
  public void cancel(Failure reason) {
    if (!over) {
      cancelled = reason;
      peer.accept(new Envelope.Cancel(writer, reason));
      drop(reason);
      close();
    }
  }

  /** The acceptor refused. */
  void abandon() {
    if (!over) {
      close();
    }
  }

  void data(int seq, Object item) {
    if (over) {
      return;
    }
    if (seq != expected) {
      lost(seq);
      return;
    }
    if (queue.size() >= type.window()) {
      broken(Kind.PROTOCOL, type.name() + " was sent more than its credit");
      return;
    }
    expected++;
    queue.add(type.item().cast(item));
    listener.queued(type, 1);
    drain();
  }

  void end(int seq) {
    if (over) {
      return;
    }
    if (seq != expected) {
      lost(seq);
      return;
    }
    ended = true;
    drain();
  }

  /** The items that were granted beyond the first window. */
  @Override
  public long position() {
    return granted;
  }

  @Override
  public void peerAt(long sent) {
    if (!over && sent > expected + (ended ? 1 : 0)) {
      lost(sent);
    }
  }

  @Override
  public void lose(Failure failure) {
    if (!over) {
      listener.failed(type);
      failed(failure);
    }
  }

  void failed(Failure failure) {
    if (!over) {
      drop(failure);
      close();
      if (exceptionHandler != null) {
        exceptionHandler.handle(new FailureException(failure));
      }
    }
  }

  /** As if the writer were gone: whoever takes over from it says again what did not come. */
  private void lost(long seq) {
    broken(Kind.PEER_LOST, type.name() + " expected item " + expected + " and got " + seq);
  }

  private void broken(Kind kind, String detail) {
    Failure failure = new Failure(Failure.Stage.BUS, kind, detail);
    peer.accept(new Envelope.Cancel(writer, failure));
    listener.failed(type);
    failed(failure);
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (!over && demand > 0 && handler != null && !queue.isEmpty()) {
        T item = queue.remove();
        listener.queued(type, -1);
        if (demand != Long.MAX_VALUE) {
          demand--;
        }
        give(item);
        grant();
      }
    } finally {
      draining = false;
    }
    if (ended && !over && queue.isEmpty()) {
      peer.accept(new Envelope.Consumed(writer));
      close();
      if (endHandler != null) {
        endHandler.handle(null);
      }
    }
  }

  /** A handler that throws is at fault and loses its item; without the credit for it the stream would stop one day. */
  private void give(T item) {
    try {
      Objects.requireNonNull(handler).handle(item);
    } catch (RuntimeException e) {
      LOG.error("an item of {} could not be taken", type.name(), e);
    }
  }

  /** Half a window at a time: credit costs a message. */
  private void grant() {
    if (++consumed >= Math.max(1, type.window() / 2) && !over && !ended) {
      peer.accept(new Envelope.Credit(writer, consumed));
      granted += consumed;
      consumed = 0;
    }
  }

  /** What a cancellation leaves behind was not wanted any more; what a failure leaves is lost. */
  private void drop(Failure reason) {
    if (reason.kind() != Kind.CANCELLED && !queue.isEmpty()) {
      listener.dropped(type, queue.size());
    }
  }

  private void close() {
    over = true;
    listener.queued(type, -queue.size());
    queue.clear();
    listener.closed(type);
    onClose.run();
  }
}
