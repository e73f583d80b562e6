package io.voiceagent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.call.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLagProbeTest {
  @Test
  void aBlockedLoopShowsAsLag() throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    VoiceMeters meters = new VoiceMeters(new SimpleMeterRegistry());
    try (LoopLagProbe probe = LoopLagProbe.watch(vertx, meters, Clock.SYSTEM)) {
      Promise<Double> seen = Promise.promise();
      vertx.runOnContext(first -> {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(150);
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        vertx.setTimer(1, second -> seen.complete(probe.currentLagMs()));
      });

      double lag = seen.future().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);

      assertThat(lag).isBetween(50.0, 1000.0);
      assertThat(meters.loopLag.max()).isGreaterThan(50);
      assertThat(probe.longestSilenceMs()).isLessThan(1000);
    } finally {
      vertx.close();
    }
  }
}
