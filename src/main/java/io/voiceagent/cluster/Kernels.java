package io.voiceagent.cluster;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import java.util.Optional;

/** Where kernels are kept for another node to find. On an event loop; never blocks it. */
public interface Kernels {
  /** On a node that stands alone there is nobody to keep them for. */
  Kernels NONE = new Kernels() {
    @Override
    public Future<Void> put(CallKernel kernel) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Optional<CallKernel>> find(CallId call) {
      return Future.succeededFuture(Optional.empty());
    }
  };

  /**
   * Keeps the latest; completes when other nodes can find it, or after a moment. An ended one is kept for a minute, so that
   * its carrier is not asked to stay.
   */
  Future<Void> put(CallKernel kernel);

  /** Within a second; empty when it is not known or nobody answers. */
  Future<Optional<CallKernel>> find(CallId call);

  /** Whether anything is kept at all. */
  default boolean kept() {
    return this != NONE;
  }
}
