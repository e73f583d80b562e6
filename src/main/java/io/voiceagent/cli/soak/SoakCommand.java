package io.voiceagent.cli.soak;

import io.voiceagent.app.SettingsLoader;
import io.voiceagent.cli.JvmOptions;
import io.voiceagent.config.Settings;
import io.voiceagent.load.LoadBed;
import io.voiceagent.load.LoadProfile;
import io.voiceagent.load.LoadResult;
import io.voiceagent.load.LoadRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A service and its providers as processes, callers of every kind, faults at random; then everything must be gone. */
@Command(
    name = "soak",
    hidden = true,
    description = "Load a service for long with random faults, and count what is left of it.",
    mixinStandardHelpOptions = true)
public final class SoakCommand implements Callable<Integer> {
  private static final Duration SETTLE = Duration.ofSeconds(90);
  private static final String WARM_UP = "40s";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--home", description = "folder with conf/", defaultValue = ".")
  private Path home = Path.of(".");

  @Option(names = "--time", description = "how long (default: ${DEFAULT-VALUE})")
  private String time = "10m";

  @Option(names = "--calls", description = "calls up at a time (default: ${DEFAULT-VALUE})")
  private int calls = 20;

  @Option(names = "--call-time", description = "how long a call lasts (default: ${DEFAULT-VALUE})")
  private String hold = "20s";

  @Option(names = "--seed", description = "of callers and faults (default: ${DEFAULT-VALUE})")
  private int seed = 1;

  @Option(names = "--set", paramLabel = "key=value", description = "for the service; repeat it")
  private List<String> assignments = new ArrayList<>();

  @Option(names = "--out", description = "where the logs go (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("soak-report");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(out);
    PrintWriter console = spec.commandLine().getOut();
    List<String> service = new ArrayList<>(List.of("resilience.breaker.delay=1s"));
    service.addAll(assignments);
    try (LoadBed bed = LoadBed.start(
        JvmOptions.ownCommand(),
        JvmOptions.flags(home.resolve("conf/jvm.options")),
        List.of(home.resolve("conf/local.yaml")),
        service,
        out)) {
      long pid = bed.target().servicePid().orElseThrow();
      Leftovers leftovers = new Leftovers(bed.target().ops(), bed.simulators(), pid);
      say(console, "warming up for " + WARM_UP + " with everything that will come");
      load(bed, WARM_UP, seed);
      Map<String, Double> before = leftovers.count(SETTLE);
      long faultsBefore = leftovers.faults();
      say(console, calls + " calls at a time for " + time + ", with faults");
      LoadResult result = load(bed, time, seed + 1);
      Map<String, Double> after = leftovers.count(SETTLE);
      long faults = leftovers.faults() - faultsBefore;
      return report(console, result, faults, Leftovers.compared(before, after));
    }
  }

  private LoadResult load(LoadBed bed, String duration, int stormSeed) throws InterruptedException {
    Settings settings = new SettingsLoader(Map.of())
        .load(
            List.of(),
            List.of(
                "load.arrivals=poisson",
                "load.calls=" + calls,
                "load.duration=" + duration,
                "load.hold=" + hold,
                "load.bargeIn=0.2",
                "load.noise=0.1",
                "load.dtmf=0.1",
                "load.abrupt=0.2",
                "load.slowReaders=0.05",
                "load.stories=0.2",
                "load.sample=5s",
                "load.seed=" + stormSeed));
    LoadProfile profile = LoadProfile.from(settings);
    settings.check();
    try (FaultStorm storm = new FaultStorm(bed.simulators(), stormSeed)) {
      return new LoadRun(profile, bed.target(), progress -> {}).run();
    }
  }

  private static int report(
      PrintWriter console, LoadResult result, long faults, List<Leftovers.Row> rows) {
    Map<String, Double> figures = result.figures();
    console.printf(
        Locale.ROOT,
        "%ncalls %.0f, of them unfinished %.0f; turns %.0f; faults injected %d%n%n",
        figures.getOrDefault("calls", Double.NaN),
        figures.getOrDefault("calls_unfinished", Double.NaN),
        figures.getOrDefault("turns", Double.NaN),
        faults);
    console.printf("%-28s %10s %10s %10s%n", "countable", "before", "after", "may grow");
    boolean good = faults > 0;
    for (Leftovers.Row row : rows) {
      good &= row.good();
      console.printf(
          Locale.ROOT,
          "%-28s %10.1f %10.1f %10.1f  %s%n",
          row.name(),
          row.before(),
          row.after(),
          row.slack(),
          row.good() ? "ok" : "LEFT");
    }
    console.println(good ? "nothing is left" : "something is left");
    console.flush();
    return good ? 0 : 1;
  }

  private static void say(PrintWriter console, String line) {
    console.println(line);
    console.flush();
  }
}
