package io.voiceagent.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.app.VoiceAgent;
import io.voiceagent.app.VoiceAgentOptions;
import io.voiceagent.config.Settings;
import io.voiceagent.ops.Logs;
import io.voiceagent.sim.Simulators;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The service and, when configured, the simulators that it talks to; they meet on sockets only. */
final class RunningService {
  private final VoiceAgent agent;
  private final @Nullable Vertx simulatorVertx;
  private final @Nullable Simulators simulators;

  private RunningService(
      VoiceAgent agent, @Nullable Vertx simulatorVertx, @Nullable Simulators simulators) {
    this.agent = agent;
    this.simulatorVertx = simulatorVertx;
    this.simulators = simulators;
  }

  static Future<RunningService> start(Settings settings) {
    ServiceSettings checked = ServiceSettings.checked(settings);
    if (!checked.simulators().enabled()) {
      return start(settings, null, null);
    }
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    // Off the simulators' event loop: the service is to stand on its own.
    Promise<RunningService> started = Promise.promise();
    Simulators.start(vertx, checked.simulators())
        .onFailure(started::fail)
        .onSuccess(simulators -> CompletableFuture.supplyAsync(() -> start(
                ServiceSettings.simulated(settings, simulators.settings()), vertx, simulators))
            .whenComplete((running, broken) -> {
              if (broken == null) {
                running.onComplete(started);
              } else {
                started.fail(broken);
              }
            }));
    return started.future().onFailure(cause -> vertx.close());
  }

  private static Future<RunningService> start(
      Settings settings, @Nullable Vertx vertx, @Nullable Simulators simulators) {
    VoiceAgentOptions options = ServiceSettings.from(settings).service();
    Logs.configure(options.log(), Logs.secretsOf(settings));
    return VoiceAgent.start(options).map(agent -> new RunningService(agent, vertx, simulators));
  }

  VoiceAgent agent() {
    return agent;
  }

  @Nullable
  Simulators simulators() {
    return simulators;
  }

  Future<Void> drain() {
    return agent.drain().eventually(this::closeSimulators);
  }

  Future<Void> close() {
    return agent.close().eventually(this::closeSimulators);
  }

  private Future<Void> closeSimulators() {
    return simulatorVertx == null ? Future.succeededFuture() : simulatorVertx.close();
  }
}
