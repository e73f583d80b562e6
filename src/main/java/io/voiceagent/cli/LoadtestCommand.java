package io.voiceagent.cli;

import io.vertx.core.json.JsonArray;
import io.voiceagent.app.SettingsLoader;
import io.voiceagent.config.Settings;
import io.voiceagent.load.CapacitySearch;
import io.voiceagent.load.LoadBed;
import io.voiceagent.load.LoadProfile;
import io.voiceagent.load.LoadResult;
import io.voiceagent.load.LoadRun;
import io.voiceagent.load.LoadTarget;
import io.voiceagent.load.ReportFiles;
import io.voiceagent.load.Threshold;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Many simulated calls against a running service, or against one that it starts for the purpose. */
@Command(
    name = "loadtest",
    description = "Load a service with simulated calls and report what every caller heard.",
    mixinStandardHelpOptions = true)
final class LoadtestCommand implements Callable<Integer> {
  /** What a search for the capacity regards as broken, unless told otherwise. */
  private static final List<String> CAPACITY_LIMITS = List.of(
      "added_latency_p99_ms>10",
      "frame_age_p999_ms>20",
      "event_loop_lag_p99_ms>20",
      "defects>0",
      "calls_failed>0",
      "calls_refused>0");

  private static final int MOST_TRIES = 12;
  private static final String LOCAL_TOKEN = "local-only-not-a-secret";

  @Spec
  private CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "what the callers do, such as conf/load-steady.yaml; repeat it, the later file wins")
  private List<Path> profiles = new ArrayList<>();

  @Option(names = "--calls", paramLabel = "N", description = "as --set load.calls=N")
  private String calls = "";

  @Option(names = "--ramp", paramLabel = "TIME", description = "as --set load.ramp=TIME")
  private String ramp = "";

  @Option(names = "--hold", paramLabel = "TIME", description = "as --set load.hold=TIME")
  private String hold = "";

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "load.* for the callers, every other key for the service that is started")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--url",
      description =
          "load this running service; without it one is started, and its providers beside it")
  private String url = "";

  @Option(
      names = "--ops",
      description = "the running service's ops listener (default: ${DEFAULT-VALUE})")
  private String ops = "http://127.0.0.1:5050";

  @Option(
      names = "--auth-token",
      description =
          "signs the carrier's requests (default: TWILIO_AUTH_TOKEN, else the one of conf/local.yaml)")
  private String authToken = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "configuration of the service that is started")
  private List<Path> config = new ArrayList<>();

  @Option(
      names = "--jvm-options",
      paramLabel = "FILE",
      description =
          "JVM flags of the service that is started, one per line, such as conf/jvm.options")
  private Path jvmOptions = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where report.html, report.json and the logs go (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("load-report");

  @Option(
      names = "--fail-if",
      paramLabel = "LIMIT",
      description = "such as 'added_latency_p99_ms>10'; exit code 1 when it holds; repeat it")
  private List<String> limits = new ArrayList<>();

  @Option(
      names = "--find-capacity",
      description =
          "raise the number of calls until a limit breaks; the limits are those of --fail-if, "
              + "else a set for a service without defects")
  private boolean findCapacity;

  @Option(
      names = "--most-calls",
      paramLabel = "N",
      description = "where a search for the capacity ends (default: ${DEFAULT-VALUE})")
  private int mostCalls = 5000;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadProfile profile = profile();
    List<Threshold> thresholds = thresholds();
    Files.createDirectories(out);
    PrintWriter console = spec.commandLine().getOut();
    if (!url.isEmpty()) {
      String token = authToken.isEmpty()
          ? Objects.requireNonNullElse(System.getenv("TWILIO_AUTH_TOKEN"), LOCAL_TOKEN)
          : authToken;
      return run(profile, thresholds, LoadTarget.running(url, ops, token), console);
    }
    console.println("starting a service and its providers; their logs are in " + out);
    console.flush();
    try (LoadBed bed = LoadBed.start(
        JvmOptions.ownCommand(), jvmFlags(), serviceConfig(), serviceAssignments(), out)) {
      return run(profile, thresholds, bed.target(), console);
    }
  }

  private int run(
      LoadProfile profile, List<Threshold> thresholds, LoadTarget target, PrintWriter console)
      throws IOException, InterruptedException {
    return findCapacity
        ? search(profile, thresholds, target, console)
        : once(profile, thresholds, target, console);
  }

  private int once(
      LoadProfile profile, List<Threshold> thresholds, LoadTarget target, PrintWriter console)
      throws IOException, InterruptedException {
    LoadView view = new LoadView(console);
    LoadResult result = new LoadRun(profile, target, view::progress).run();
    List<Threshold> broken =
        thresholds.stream().filter(limit -> limit.broken(result.figures())).toList();
    view.table(result, broken);
    ReportFiles.write(result, broken, new JsonArray(), out);
    view.files(out);
    return broken.isEmpty() && result.valid() ? 0 : 1;
  }

  private int search(
      LoadProfile profile, List<Threshold> given, LoadTarget target, PrintWriter console)
      throws IOException, InterruptedException {
    List<Threshold> thresholds =
        given.isEmpty() ? CAPACITY_LIMITS.stream().map(Threshold::parse).toList() : given;
    LoadView view = new LoadView(console);
    CapacitySearch search = new CapacitySearch(profile.calls(), mostCalls, MOST_TRIES);
    while (search.next() > 0) {
      int count = search.next();
      LoadProfile again = search.all().isEmpty() ? profile : profile.rehearsed();
      LoadResult result = new LoadRun(again.withCalls(count), target, view::progress).run();
      List<Threshold> broken =
          thresholds.stream().filter(limit -> limit.broken(result.figures())).toList();
      boolean held = broken.isEmpty() && result.valid();
      search.tried(new CapacitySearch.Tried(count, held, result, broken));
      view.tried(count, held, result, broken);
    }
    JsonArray curve = LoadView.curve(search);
    CapacitySearch.Tried shown =
        search.best().orElseGet(() -> search.all().get(search.all().size() - 1));
    view.table(shown.result(), shown.broken());
    view.capacity(search);
    ReportFiles.write(shown.result(), shown.broken(), curve, out);
    view.files(out);
    return search.best().isPresent() ? 0 : 1;
  }

  private LoadProfile profile() {
    List<String> own = new ArrayList<>();
    assignments.stream().filter(each -> each.startsWith("load.")).forEach(own::add);
    add(own, "load.calls", calls);
    add(own, "load.ramp", ramp);
    add(own, "load.hold", hold);
    Settings settings = new SettingsLoader(Map.of()).load(profiles, own);
    LoadProfile profile = LoadProfile.from(settings);
    settings.check();
    return profile;
  }

  private static void add(List<String> to, String key, String value) {
    if (!value.isEmpty()) {
      to.add(key + "=" + value);
    }
  }

  private List<Threshold> thresholds() {
    try {
      return limits.stream().map(Threshold::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--fail-if: " + e.getMessage());
    }
  }

  private List<String> serviceAssignments() {
    return assignments.stream().filter(each -> !each.startsWith("load.")).toList();
  }

  private List<Path> serviceConfig() {
    Path local = Path.of("conf", "local.yaml");
    return config.isEmpty() && Files.exists(local) ? List.of(local) : config;
  }

  private List<String> jvmFlags() throws IOException {
    return jvmOptions.toString().isEmpty() ? List.of("-Xmx1g") : JvmOptions.flags(jvmOptions);
  }
}
