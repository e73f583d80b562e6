package io.voiceagent.cli.alerts;

import io.voiceagent.cli.alerts.AlertProof.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fires every shipped alert, from the fault to the receiver. */
@Command(
    name = "prove-alerts",
    hidden = true,
    description = "Prove the shipped alert rules live: service, Prometheus, Alertmanager, faults.",
    mixinStandardHelpOptions = true)
public final class ProveAlerts implements Callable<Integer> {
  private static final double QUICK = 60;
  private static final double USUAL = 12;
  /** The longest path of a rule: its window fills, its wait passes; the same again to go away. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--home", description = "folder with conf/ and monitoring/", defaultValue = ".")
  private Path home = Path.of(".");

  @Option(names = "--quick", description = "time runs 60 times as fast instead of 12")
  private boolean quick;

  @Option(names = "--factor", description = "how much faster time runs in the rules")
  private double factor;

  @Option(names = "--keep", description = "keep logs and data in this folder")
  private @Nullable Path keep;

  @Override
  public Integer call() throws IOException, InterruptedException {
    double speed = factor > 0 ? factor : quick ? QUICK : USUAL;
    PrintWriter out = spec.commandLine().getOut();
    Path folder = keep != null
        ? Files.createDirectories(keep.toAbsolutePath())
        : Files.createTempDirectory("prove-alerts");
    out.printf("time in the rules runs %.0f times as fast; logs are in %s%n", speed, folder);
    SimulatorPorts simulators = SimulatorPorts.free();
    try (AlertReceiver receiver = new AlertReceiver();
        StandIn standIn = new StandIn();
        ServiceProcess service = new ServiceProcess(
            jar(),
            home.resolve("conf/local.yaml"),
            folder.resolve("service.log"),
            simulators.settings())) {
      service.start();
      try (Traffic traffic = Traffic.start(service.url());
          MonitoringStack stack = MonitoringStack.start(
              folder,
              List.of("127.0.0.1:" + service.opsPort, standIn.target()),
              home.resolve("monitoring/prometheus/alerts.yml"),
              speed,
              receiver.url())) {
        AlertProof proof = new AlertProof(stack.prometheus(), receiver, out);
        Faults faults = new Faults(service, simulators, traffic, standIn);
        return prove(proof, stack.prometheus(), faults, speed) ? 0 : 1;
      }
    }
  }

  private boolean prove(AlertProof proof, Prometheus prometheus, Faults faults, double speed)
      throws IOException, InterruptedException {
    Duration limit = Duration.ofSeconds(15).plusMillis((long) (LONGEST.toMillis() / speed));
    boolean good = proof.silentFor(Duration.ofMillis((long) (600_000 / speed)));
    for (List<Fault> round : faults.rounds()) {
      good &= proof.prove(round, limit);
    }
    proof.print();
    List<String> problems = new DashboardQueries("2m")
        .problemsWithin(
            Duration.ofSeconds(20), home.resolve("monitoring/grafana/dashboards"), prometheus);
    PrintWriter out = spec.commandLine().getOut();
    problems.forEach(out::println);
    out.printf(
        "%s; dashboards: %s%n",
        good ? "every alert was delivered and taken back" : "NOT every alert was proven",
        problems.isEmpty() ? "every query answers" : problems.size() + " queries do not answer");
    return good && problems.isEmpty();
  }

  private static Path jar() {
    return Path.of(
        ProveAlerts.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
