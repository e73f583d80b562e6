package io.voiceagent.resilience;

import dev.failsafe.CircuitBreaker;
import io.voiceagent.call.Failure;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stops asking a provider that does not answer, and finds out by single probes when it does again. One per provider,
 * shared by all calls of the process; thread-safe, never blocks.
 *
 * <p>What counts: failures that speak about the provider. A refused key or an empty account opens at once, since no
 * repetition helps. A bad request, a cancellation and a rate limit do not count: the first two are ours, and the last
 * means that the provider works, and too many calls would be cut off by it.
 */
public final class Breaker {
  private final String provider;
  private final CircuitBreaker<Object> circuit;

  public Breaker(String provider, ResilienceOptions options, BreakerListener listener) {
    this.provider = provider;
    this.circuit = CircuitBreaker.builder()
        .withFailureThreshold(options.breakerFailures())
        .withDelay(options.breakerDelay())
        .withSuccessThreshold(options.breakerProbes())
        .onClose(event -> listener.breakerChanged(provider, 0))
        .onHalfOpen(event -> listener.breakerChanged(provider, 1))
        .onOpen(event -> listener.breakerChanged(provider, 2))
        .build();
    listener.breakerChanged(provider, 0);
  }

  public String provider() {
    return provider;
  }

  /** Leave to ask the provider once; empty while the breaker is open. Tell the permit how it went, whatever happens. */
  public Optional<Permit> tryAcquire() {
    return circuit.tryAcquirePermit() ? Optional.of(new Permit()) : Optional.empty();
  }

  public boolean closed() {
    return circuit.isClosed();
  }

  /** How long until a probe may pass; 0 when the breaker is not open. */
  public long remainingMs() {
    return circuit.isOpen() ? circuit.getRemainingDelay().toMillis() : 0;
  }

  /** Leave for one request. The first verdict counts, later ones are ignored. */
  public final class Permit {
    private final AtomicBoolean settled = new AtomicBoolean();

    /** The provider answered as it should; say so as soon as it is known, not when the answer ends. */
    public void succeeded() {
      if (settled.compareAndSet(false, true)) {
        circuit.recordSuccess();
      }
    }

    public void failed(Failure failure) {
      switch (failure.kind()) {
        case UNAUTHORIZED, OUT_OF_MONEY -> {
          if (settled.compareAndSet(false, true)) {
            circuit.open();
          }
        }
        case BAD_REQUEST, RATE_LIMIT -> succeeded();
        case CANCELLED, BREAKER_OPEN, PEER_LOST -> released();
        default -> {
          if (settled.compareAndSet(false, true)) {
            circuit.recordFailure();
          }
        }
      }
    }

    /** No verdict: the request was taken back. A probe that proved nothing is repeated after the delay. */
    public void released() {
      if (settled.compareAndSet(false, true) && circuit.isHalfOpen()) {
        circuit.open();
      }
    }
  }
}
