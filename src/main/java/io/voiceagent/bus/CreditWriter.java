package io.voiceagent.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends while there is credit; queues at most one window beyond it. */
final class CreditWriter<T> implements BusWriter<T>, RemoteEnd {
  private static final Future<Void> DONE = Future.succeededFuture();

  private final StreamType<T, ?> type;
  private final long reader;
  private final Consumer<Envelope> peer;
  private final BusListener listener;
  private final Runnable onClose;
  private final ArrayDeque<T> queue = new ArrayDeque<>();
  private final Promise<Void> consumed = Promise.promise();
  private int credit;
  private int seq;
  private long granted;
  private boolean ending;
  private boolean endSent;
  private boolean over;
  private boolean wantsDrain;
  private @Nullable Handler<@Nullable Void> drainHandler;
  private @Nullable Handler<Failure> cancelHandler;
  private @Nullable Handler<Throwable> exceptionHandler;

  CreditWriter(
      StreamType<T, ?> type,
      int credit,
      long reader,
      Consumer<Envelope> peer,
      BusListener listener,
      Runnable onClose) {
    this.type = type;
    this.credit = credit;
    this.reader = reader;
    this.peer = peer;
    this.listener = listener;
    this.onClose = onClose;
  }

  @Override
  public Future<Void> write(T item) {
    if (over || ending) {
      return Future.failedFuture(new FailureException(
          new Failure(Failure.Stage.BUS, Kind.CANCELLED, type.name() + " is over")));
    }
    if (credit > 0) {
      send(item);
      return DONE;
    }
    if (queue.size() >= type.window()) {
      Failure failure = new Failure(
          Failure.Stage.BUS, Kind.PROTOCOL, type.name() + " was written far beyond its credit");
      fail(failure);
      return Future.failedFuture(new FailureException(failure));
    }
    queue.add(item);
    listener.queued(type, 1);
    return DONE;
  }

  @Override
  public boolean writeQueueFull() {
    boolean full = credit <= 0;
    wantsDrain |= full;
    return full;
  }

  @Override
  public Future<Void> end() {
    if (!over && !ending) {
      ending = true;
      finish();
    }
    return consumed.future();
  }

  @Override
  public void fail(Failure failure) {
    if (!over) {
      peer.accept(new Envelope.Fail(reader, failure));
      if (failure.kind() != Kind.CANCELLED) {
        listener.failed(type);
      }
      close(failure);
    }
  }

  @Override
  public BusWriter<T> cancelHandler(Handler<Failure> handler) {
    cancelHandler = handler;
    return this;
  }

  @Override
  public CreditWriter<T> exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    return this;
  }

  @Override
  public CreditWriter<T> drainHandler(@Nullable Handler<@Nullable Void> handler) {
    drainHandler = handler;
    return this;
  }

  /** The window is the reader's. */
  @Override
  public CreditWriter<T> setWriteQueueMaxSize(int items) {
    return this;
  }

  void credit(int items) {
    if (over) {
      return;
    }
    credit += items;
    granted += items;
    while (credit > 0 && !queue.isEmpty()) {
      send(queue.remove());
      listener.queued(type, -1);
    }
    finish();
    if (credit > 0 && wantsDrain && !ending && drainHandler != null) {
      wantsDrain = false;
      drainHandler.handle(null);
    }
  }

  /** The items that were sent, and the end. */
  @Override
  public long position() {
    return seq + (endSent ? 1 : 0);
  }

  /** Credit that got lost on its way is given again; without it the stream would stop one day. */
  @Override
  public void peerAt(long granted) {
    if (granted > this.granted) {
      credit((int) (granted - this.granted));
    }
  }

  @Override
  public void lose(Failure failure) {
    if (!over) {
      listener.failed(type);
      cancelled(failure);
    }
  }

  void cancelled(Failure reason) {
    if (over) {
      return;
    }
    boolean announce = !ending;
    close(reason);
    if (announce && cancelHandler != null) {
      cancelHandler.handle(reason);
    }
    if (announce && exceptionHandler != null) {
      exceptionHandler.handle(new FailureException(reason));
    }
  }

  void consumed() {
    if (!over) {
      over = true;
      listener.closed(type);
      onClose.run();
      consumed.complete();
    }
  }

  private void send(T item) {
    peer.accept(new Envelope.Data(reader, seq++, item));
    if (--credit == 0) {
      listener.stalled(type);
    }
  }

  private void finish() {
    if (ending && !endSent && queue.isEmpty()) {
      endSent = true;
      peer.accept(new Envelope.End(reader, seq));
    }
  }

  private void close(Failure reason) {
    over = true;
    if (reason.kind() != Kind.CANCELLED && !queue.isEmpty()) {
      listener.dropped(type, queue.size());
    }
    listener.queued(type, -queue.size());
    queue.clear();
    listener.closed(type);
    onClose.run();
    consumed.tryFail(new FailureException(reason));
  }
}
