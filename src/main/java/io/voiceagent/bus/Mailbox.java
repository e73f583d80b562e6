package io.voiceagent.bus;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import io.voiceagent.call.StageAddress;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * One verticle instance's place on the bus: it opens and takes streams, and tells and hears facts and orders. All of it
 * runs on the event loop of the instance that bound it; call it from there only.
 *
 * <p>Facts and orders ({@code tell}) are fire and forget and keep their order per receiver; what must not be lost is a
 * stream or an {@code ask}.
 */
public interface Mailbox {
  StageAddress self();

  /**
   * Opens a stream to {@code peer}. Fails with a {@link io.voiceagent.call.FailureException} when the peer refuses or
   * does not answer within the configured time.
   */
  <T, M> Future<BusWriter<T>> open(StageAddress peer, StreamType<T, M> type, CallId call, M open);

  /** Takes streams of this type from now on. One acceptor per type. */
  <T, M> void accept(StreamType<T, M> type, StreamAcceptor<T, M> acceptor);

  /** Sends a record of a registered type; it arrives or it does not. */
  void tell(StageAddress to, CallId call, Object message);

  /** Hears records of {@code type} and its subtypes. */
  <M> void on(Class<M> type, BiConsumer<CallId, M> handler);

  /** Asks and waits, a second at most; a {@link io.voiceagent.call.FailureException} otherwise. */
  <R> Future<R> ask(StageAddress to, Object question, Class<R> answer);

  /** Answers questions of {@code type}. */
  <Q, R> void answer(Class<Q> type, BiFunction<StageAddress, Q, Future<R>> handler);

  /** Ends every stream and stops hearing. */
  Future<Void> close();
}
