package io.voiceagent.cli.alerts;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Simulated callers who call again and again. Whether their calls go well is for the alerts to say. All state belongs to
 * one event loop.
 */
final class Traffic implements AutoCloseable {
  private static final int CALLERS = 6;
  private static final long PAUSE_MS = 300;

  /** The agent does not greet here: the caller waits for nothing and speaks. */
  private static final Scenario CALL = new Scenario(
      List.of("hello there", "what can you do", "thank you"),
      false,
      4,
      100,
      100,
      6000,
      0,
      "",
      false,
      0,
      0);

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final String url;
  private final Map<Integer, SimulatedCaller> calling = new HashMap<>();
  private @Nullable CarrierSimulator carrier;
  private boolean paused;

  private Traffic(String url) {
    this.url = url;
  }

  static Traffic start(String url) {
    Traffic traffic = new Traffic(url);
    traffic.resume();
    return traffic;
  }

  /** Everybody hangs up, and nobody calls until {@link #resume}. */
  void pause() {
    loop.runOnContext(go -> {
      paused = true;
      List.copyOf(calling.values()).forEach(SimulatedCaller::hangUp);
    });
  }

  void resume() {
    loop.runOnContext(go -> {
      paused = false;
      for (int caller = 0; caller < CALLERS; caller++) {
        call(caller);
      }
    });
  }

  private void call(int caller) {
    if (paused || calling.containsKey(caller)) {
      return;
    }
    CarrierSimulator all = carrier == null ? new CarrierSimulator(vertx, url, "") : carrier;
    carrier = all;
    // Every second one interrupts.
    SimulatedCaller placed = all.place(
        "+1555000" + (1000 + caller),
        "+15550000000",
        CALL.withBargeIn(caller % 2 == 1),
        CallerListener.NONE,
        false);
    calling.put(caller, placed);
    placed.result().onComplete(done -> {
      calling.remove(caller, placed);
      vertx.setTimer(PAUSE_MS, id -> call(caller));
    });
  }

  @Override
  public void close() {
    pause();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (Exception e) {
      // The process ends anyway.
    }
  }
}
