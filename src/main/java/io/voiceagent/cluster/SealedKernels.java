package io.voiceagent.cluster;

import io.vertx.core.Future;
import io.voiceagent.call.CallId;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kernels in the replicated store, for members' eyes only. A store that does not answer holds nobody up for long. */
record SealedKernels(Membership store, ClusterNode node) implements Kernels {
  private static final Logger LOG = LoggerFactory.getLogger(SealedKernels.class);
  /** A kernel that nobody renews outlives its call by this; calls that are quiet are renewed by their marks. */
  private static final long KERNEL_MS = 3_600_000;

  private static final long ENDED_MS = 60_000;
  private static final long FIND_MS = 1000;
  private static final long PUT_MS = 500;

  @Override
  public Future<Void> put(CallKernel kernel) {
    return store
        .put(
            kernel.info().id().value(),
            node.seal(CallKernelCodec.encode(kernel)),
            kernel.ended() ? ENDED_MS : KERNEL_MS)
        .timeout(PUT_MS, TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }

  @Override
  public Future<Optional<CallKernel>> find(CallId call) {
    return store
        .get(call.value())
        .timeout(FIND_MS, TimeUnit.MILLISECONDS)
        .map(bytes -> bytes == null ? Optional.<CallKernel>empty() : Optional.of(opened(bytes)))
        .otherwise(cause -> {
          LOG.warn("call {}: its kernel cannot be had: {}", call, cause.toString());
          return Optional.empty();
        });
  }

  private CallKernel opened(byte[] sealed) {
    try {
      return CallKernelCodec.decode(node.open(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealed by a stranger", e);
    }
  }
}
