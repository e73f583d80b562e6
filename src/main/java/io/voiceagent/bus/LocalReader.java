package io.voiceagent.bus;

import io.vertx.core.Handler;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands items on as they are wanted and grants credit for what was consumed. */
final class LocalReader<T> implements BusReader<T> {
  private final StreamType<T, ?> type;
  private final long writer;
  private final Consumer<Envelope> peer;
  private final BusListener listener;
  private final Runnable onClose;
  private final ArrayDeque<T> queue = new ArrayDeque<>();
  private long demand = Long.MAX_VALUE;
  private int expected;
  private int consumed;
  private boolean ended;
  private boolean over;
  private boolean draining;
  private @Nullable Handler<T> handler;
  private @Nullable Handler<@Nullable Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  LocalReader(
      StreamType<T, ?> type,
      long writer,
      Consumer<Envelope> peer,
      BusListener listener,
      Runnable onClose) {
    this.type = type;
    this.writer = writer;
    this.peer = peer;
    this.listener = listener;
    this.onClose = onClose;
  }

  @Override
  public LocalReader<T> handler(@Nullable Handler<T> handler) {
    this.handler = handler;
    drain();
    return this;
  }

  @Override
  public LocalReader<T> endHandler(@Nullable Handler<@Nullable Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public LocalReader<T> exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }

  @Override
  public LocalReader<T> pause() {
    demand = 0;
    return this;
  }

  @Override
  public LocalReader<T> resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public LocalReader<T> fetch(long items) {
    demand = demand + items < 0 ? Long.MAX_VALUE : demand + items;
    drain();
    return this;
  }

  @Override
  public void cancel(Failure reason) {
    if (!over) {
      peer.accept(new Envelope.Cancel(writer, reason));
      close();
    }
  }

  /** The acceptor refused: nothing was ever open. */
  void abandon() {
    over = true;
  }

  void data(int seq, Object item) {
    if (over) {
      return;
    }
    if (seq != expected || queue.size() >= type.window()) {
      broken(seq);
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
      broken(seq);
      return;
    }
    ended = true;
    drain();
  }

  void failed(Failure failure) {
    if (!over) {
      close();
      if (exceptionHandler != null) {
        exceptionHandler.handle(new FailureException(failure));
      }
    }
  }

  private void broken(int seq) {
    Failure failure = new Failure(
        Failure.Stage.BUS,
        Kind.PROTOCOL,
        type.name() + " expected item " + expected + " and got " + seq);
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
        handler.handle(item);
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

  /** Half a window at a time: credit costs a message. */
  private void grant() {
    if (++consumed >= Math.max(1, type.window() / 2) && !over && !ended) {
      peer.accept(new Envelope.Credit(writer, consumed));
      consumed = 0;
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
