package io.voiceagent.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.WriteStream;
import io.voiceagent.call.Failure;

/**
 * The sending end of a stream, a Vert.x {@link WriteStream}: {@code writeQueueFull} means that no credit is left, the
 * drain handler runs when credit came. On its own event loop only.
 *
 * <p>A write without credit is a bug of the caller beyond the small queue that {@code pipeTo} needs: the stream fails
 * when the queue exceeds one window.
 */
public interface BusWriter<T> extends WriteStream<T> {
  /** Ends the stream with a failure that the reader sees. Idempotent. */
  void fail(Failure failure);

  /** Called once when the reader cancelled or is lost; the stream is over. Never after {@code end} or {@code fail}. */
  BusWriter<T> cancelHandler(Handler<Failure> handler);

  /** Completes when the reader has consumed everything up to the end. */
  @Override
  Future<Void> end();
}
