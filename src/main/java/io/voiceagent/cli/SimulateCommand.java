package io.voiceagent.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.config.Settings;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Only the provider simulators. */
@Command(
    name = "simulate",
    description = "Run only the provider simulators; ports by simulator.cartesia.port and so on.",
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Mixin
  private ConfigurationOptions configuration = new ConfigurationOptions();

  @Override
  public Integer call() throws InterruptedException {
    Settings settings =
        // A key that the service needs and the simulators do not.
        configuration.load("simulator.enabled=true", "telephony.twilio.authToken=unused");
    SimulatorOptions options = ServiceSettings.checked(settings).simulators();
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    PrintWriter out = spec.commandLine().getOut();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    try {
      Simulators simulators = Simulators.start(vertx, options)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
      out.println("Simulators are up. Configure a client with:");
      simulators.settings().forEach((key, value) -> out.println("  --set " + key + "=" + value));
      out.println(
          "Faults: POST /_sim/faults, DELETE /_sim/faults; counters: GET /_sim/stats, on any of the ports.");
      out.flush();
      Signals.onTerminate(() -> vertx.close().onComplete(x -> ended.complete(null)));
      ended.get();
      return 0;
    } catch (ExecutionException e) {
      throw new StartException("Could not start: " + e.getCause(), e);
    }
  }
}
