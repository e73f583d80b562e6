package io.voiceagent.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final List<Integer> states = new ArrayList<>();
  private final ResilienceOptions options = ResilienceOptions.from(
      Settings.of(Map.of("resilience.breaker.failures", "3", "resilience.breaker.delay", "30ms")));
  private final Breaker breaker =
      new Breaker("acme", options, (provider, state) -> states.add(state));

  @Test
  void opensAfterFailuresInARowAndNotBefore() {
    fail(Kind.CLOSED);
    fail(Kind.TIMEOUT);
    breaker.tryAcquire().orElseThrow().succeeded();
    fail(Kind.CLOSED);
    fail(Kind.SERVER);
    assertThat(breaker.closed()).isTrue();

    fail(Kind.SERVER);

    assertThat(breaker.tryAcquire()).isEmpty();
    assertThat(states).containsExactly(0, 2);
  }

  @Test
  void aRefusedKeyOpensAtOnce() {
    fail(Kind.UNAUTHORIZED);

    assertThat(breaker.tryAcquire()).isEmpty();
  }

  @Test
  void ourOwnMistakesAndRateLimitsDoNotOpenIt() {
    for (int i = 0; i < 20; i++) {
      fail(Kind.BAD_REQUEST);
      fail(Kind.RATE_LIMIT);
      fail(Kind.CANCELLED);
    }

    assertThat(breaker.closed()).isTrue();
  }

  @Test
  void r27_oneProbeAtATimeRestoresIt() throws Exception {
    fail(Kind.UNAUTHORIZED);
    Breaker.Permit probe = awaitProbe();

    assertThat(breaker.tryAcquire()).as("half open lets one through").isEmpty();
    probe.succeeded();

    assertThat(breaker.closed()).isTrue();
    assertThat(states).containsExactly(0, 2, 1, 0);
  }

  @Test
  void aProbeThatWasTakenBackDoesNotBlockTheNext() throws Exception {
    fail(Kind.UNAUTHORIZED);
    awaitProbe().released();

    awaitProbe().succeeded();

    assertThat(breaker.closed()).isTrue();
  }

  private Breaker.Permit awaitProbe() throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (System.nanoTime() < until) {
      var permit = breaker.tryAcquire();
      if (permit.isPresent()) {
        return permit.get();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("no probe was let through");
  }

  private void fail(Kind kind) {
    breaker.tryAcquire().ifPresent(p -> p.failed(new Failure(Failure.Stage.TTS, kind, "test")));
  }
}
