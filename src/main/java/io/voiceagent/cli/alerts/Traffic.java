package io.voiceagent.cli.alerts;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Simulated callers who call again and again. Whether their calls go well is for the alerts to say. */
final class Traffic implements AutoCloseable {
  private static final int CALLERS = 6;
  private static final long PAUSE_MS = 300;
  private static final Scenario CALL = Scenario.of(
          "hello there", "what can you do", "tell me more", "and then", "thank you")
      .withThink(100)
      .withAnswerWithin(6000);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final String url;
  private @Nullable CarrierSimulator carrier;
  private volatile boolean over;

  private Traffic(String url) {
    this.url = url;
  }

  static Traffic start(String url) {
    Traffic traffic = new Traffic(url);
    traffic.vertx.runOnContext(go -> traffic.begin());
    return traffic;
  }

  private void begin() {
    CarrierSimulator all = new CarrierSimulator(vertx, url, "");
    carrier = all;
    for (int caller = 0; caller < CALLERS; caller++) {
      // Every second one interrupts.
      again(all, CALL.withBargeIn(caller % 2 == 1), "+1555000" + (1000 + caller));
    }
  }

  private void again(CarrierSimulator all, Scenario scenario, String from) {
    if (!over) {
      all.call(from, "+15550000000", scenario)
          .onComplete(done -> vertx.setTimer(PAUSE_MS, id -> again(all, scenario, from)));
    }
  }

  @Override
  public void close() {
    over = true;
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (Exception e) {
      // The process ends anyway.
    }
  }
}
