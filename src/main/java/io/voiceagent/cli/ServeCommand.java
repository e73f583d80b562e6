package io.voiceagent.cli;

import io.voiceagent.config.Settings;
import io.voiceagent.ops.Logs;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The service. */
@Command(name = "serve", description = "Run the service.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Mixin
  private ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(names = "--cluster", description = "join a cluster (cluster.enabled=true)")
  private boolean cluster;

  @Option(names = "--call", description = "place one demo call when the service is up, and stay up")
  private boolean call;

  @Override
  public Integer call() throws InterruptedException {
    return run(configuration, cluster, call, spec.commandLine().getOut());
  }

  static int run(ConfigurationOptions configuration, boolean cluster, boolean call, PrintWriter out)
      throws InterruptedException {
    Settings settings = cluster ? configuration.load("cluster.enabled=true") : configuration.load();
    RunningService service = started(settings);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Signals.onTerminate(() -> {
      out.println(
          "draining, " + service.agent().calls() + " calls running; once more to end at once");
      service.drain().onComplete(x -> ended.complete(null));
    });
    Banner banner = Banner.of(service, settings);
    banner.print(out);
    if (call) {
      out.println();
      String token = settings.effective("telephony.twilio.authToken", "");
      Logs.quiet(true);
      CallCommand.demo(banner.media(), banner.ops(), token, out);
      Logs.quiet(false);
      out.println();
      out.println("Still up. Ctrl-C ends it.");
    }
    out.flush();
    Logs.watchLoops();
    try {
      ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    Logs.flush();
    return 0;
  }

  private static RunningService started(Settings settings) throws InterruptedException {
    try {
      return RunningService.start(settings)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartException("Could not start: " + explained(cause), cause);
    }
  }

  private static String explained(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("Address already in use")) {
      return text + "; stop what listens there, or choose another port";
    }
    return text;
  }
}
