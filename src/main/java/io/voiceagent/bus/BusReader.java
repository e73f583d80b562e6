package io.voiceagent.bus;

import io.vertx.core.streams.ReadStream;
import io.voiceagent.call.Failure;

/**
 * The receiving end of a stream, a Vert.x {@link ReadStream}: {@code pause}, {@code fetch} and {@code resume} move the
 * credit that the writer sees. On its own event loop only.
 *
 * <p>Ends exactly once: {@code endHandler} after the writer's end, or {@code exceptionHandler} with a
 * {@link io.voiceagent.call.FailureException} after its failure, a gap, or a lost peer. After {@link #cancel} neither
 * is called.
 */
public interface BusReader<T> extends ReadStream<T> {
  /** Tells the writer that nothing more is wanted; items under way are dropped. Idempotent. */
  void cancel(Failure reason);
}
