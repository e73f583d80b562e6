package io.voiceagent.resilience;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets as many requests at a provider at once as it allows, the most urgent first. One per provider account, shared by
 * all event loops; a waiting request costs no thread and is told on its own event loop.
 */
public final class Gate {
  private final Vertx vertx;
  private final Failure.Stage stage;
  private final IntSupplier limit;
  private final int maxWaiting;
  private final PriorityQueue<Ticket> waiting =
      new PriorityQueue<>(Comparator.comparingLong(ticket -> ticket.deadline));
  private int taken;

  /**
   * @param limit requests at once; 0: no limit. Asked anew each time: other processes may share the account
   * @param maxWaiting beyond these the least urgent is refused
   */
  public Gate(Vertx vertx, Failure.Stage stage, IntSupplier limit, int maxWaiting) {
    this.vertx = vertx;
    this.stage = stage;
    this.limit = limit;
    this.maxWaiting = maxWaiting;
  }

  /**
   * Asks for a place, at once or within {@code waitMs}; call it on an event loop. The ticket's future fails with
   * {@link Kind#RATE_LIMIT} when there was none in time.
   */
  public Ticket enter(long nowNanos, long waitMs) {
    Ticket ticket = new Ticket(nowNanos + waitMs * 1_000_000, vertx.getOrCreateContext());
    Ticket refused = null;
    boolean inside;
    List<Ticket> others;
    synchronized (this) {
      waiting.add(ticket);
      others = admitted();
      inside = others.remove(ticket);
      if (waiting.size() > maxWaiting) {
        refused = last();
        waiting.remove(refused);
      }
    }
    others.forEach(Ticket::admit);
    if (inside) {
      ticket.promise.complete();
    } else {
      ticket.timer = vertx.setTimer(Math.max(1, waitMs), id -> ticket.late());
    }
    if (refused != null) {
      refused.refuse("too many are waiting for the provider");
    }
    return ticket;
  }

  /** Requests inside now. */
  public synchronized int taken() {
    return taken;
  }

  public synchronized int waiting() {
    return waiting.size();
  }

  private Ticket last() {
    return waiting.stream()
        .max(Comparator.comparingLong(ticket -> ticket.deadline))
        .orElseThrow();
  }

  private void free() {
    List<Ticket> next;
    synchronized (this) {
      taken--;
      next = admitted();
    }
    next.forEach(Ticket::admit);
  }

  /** Lets in as many as there is room for: none where the limit shrank, several where it grew. */
  private List<Ticket> admitted() {
    int most = limit.getAsInt();
    List<Ticket> admitted = new ArrayList<>(1);
    while (!waiting.isEmpty() && (most == 0 || taken < most)) {
      Ticket next = waiting.remove();
      next.inside = true;
      taken++;
      admitted.add(next);
    }
    return admitted;
  }

  /** A place, or the wait for one. Leave it exactly when the provider is through with the request. */
  public final class Ticket {
    private final long deadline;
    private final Context context;
    private final Promise<Void> promise = Promise.promise();
    private final AtomicBoolean left = new AtomicBoolean();
    private boolean inside;
    private @Nullable Long timer;

    private Ticket(long deadline, Context context) {
      this.deadline = deadline;
      this.context = context;
    }

    /** Completes, on the event loop that asked, when the request may be made. */
    public Future<Void> entered() {
      return promise.future();
    }

    /** Gives the place, or the wait, back. Idempotent. */
    public void leave() {
      if (!left.compareAndSet(false, true)) {
        return;
      }
      stopTimer();
      boolean was;
      synchronized (Gate.this) {
        was = inside;
        if (!was) {
          waiting.remove(this);
        }
      }
      if (was) {
        free();
      }
    }

    private void admit() {
      context.runOnContext(x -> {
        stopTimer();
        promise.tryComplete();
      });
    }

    private void late() {
      boolean gone;
      synchronized (Gate.this) {
        gone = waiting.remove(this);
      }
      if (gone) {
        refuse("the provider was busy with other calls for too long");
      }
    }

    private void refuse(String why) {
      left.set(true);
      context.runOnContext(x -> {
        stopTimer();
        promise.tryFail(new FailureException(new Failure(stage, Kind.RATE_LIMIT, why)));
      });
    }

    private void stopTimer() {
      Long running = timer;
      if (running != null) {
        vertx.cancelTimer(running);
        timer = null;
      }
    }
  }
}
