package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import io.voiceagent.metrics.LoopLagProbe;
import io.voiceagent.metrics.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The files of {@code monitoring/}: valid, complete, and speaking of meters that exist. */
class MonitoringFilesTest {
  private static final Path PROMETHEUS = Path.of("monitoring/prometheus");
  private static final Path ALERTS = PROMETHEUS.resolve("alerts.yml");
  private static final Path DASHBOARD_PROVIDER =
      Path.of("monitoring/grafana/provisioning/dashboards/default.yml");
  private static final Path DASHBOARDS = Path.of("monitoring/grafana/dashboards");

  /** Families that exist only once something happened, or come from Prometheus itself. */
  private static final Pattern FOREIGN =
      Pattern.compile("up|ALERTS|scrape_.*|jvm_gc_pause_.*|vertx_http_.*|prometheus_.*");

  private static final Pattern METER = Pattern.compile("[a-z][a-z0-9]*(?:_[a-z0-9]+)+");
  private static final Set<String> WORDS = Set.of(
      "histogram_quantile",
      "label_replace",
      "clamp_min",
      "min_over_time",
      "max_over_time",
      "sum_over_time",
      "avg_over_time",
      "count_over_time",
      "group_left",
      "label_values",
      "query_result",
      "voice_agent_v4");

  @Test
  void theRulesAreValidAndTheirTestsPass() throws Exception {
    need("promtool");
    run("promtool", "check", "config", PROMETHEUS.resolve("prometheus.yml").toString());
    run("promtool", "check", "rules", ALERTS.toString());
    run(
        "promtool",
        "test",
        "rules",
        PROMETHEUS.resolve("tests/contract_alerts.yml").toString(),
        PROMETHEUS.resolve("tests/service_alerts.yml").toString());
  }

  @Test
  void alertmanagersConfigurationIsValid() throws Exception {
    need("amtool");
    run("amtool", "check-config", "monitoring/alertmanager/alertmanager.yml");
  }

  @Test
  void composeAcceptsTheStackWithEveryProfile() throws Exception {
    need("docker-compose");
    run("docker-compose", "config", "-q");
    run(
        "docker-compose",
        "--profile",
        "agent",
        "--profile",
        "cluster",
        "--profile",
        "alertmanager",
        "config",
        "-q");
  }

  @Test
  void withoutAProfilePrometheusAndGrafanaStartAndNothingElse() throws IOException {
    Map<String, Map<String, Object>> services = services();

    assertThat(services.entrySet().stream()
            .filter(entry -> !entry.getValue().containsKey("profiles"))
            .map(Map.Entry::getKey))
        .containsExactlyInAnyOrder("prometheus", "grafana");
    assertThat(services.get("prometheus"))
        .containsEntry("container_name", "voice_agent_prometheus")
        .containsEntry("ports", List.of("9090:9090"))
        .containsEntry("extra_hosts", List.of("host.docker.internal:host-gateway"));
    assertThat(String.valueOf(services.get("prometheus")))
        .contains(
            "--web.enable-lifecycle",
            "./monitoring/prometheus:/etc/prometheus",
            "prometheus_data:");
    assertThat(services.get("grafana"))
        .containsEntry("container_name", "voice_agent_grafana")
        .containsEntry("ports", List.of("3000:3000"));
    assertThat(String.valueOf(services.get("grafana"))).contains("grafana_data:");
  }

  /** What the contract promises of the two, as docker-compose itself understands the file. */
  @Test
  void theStackIsTheOnePromised() throws Exception {
    need("docker-compose");
    Map<String, Object> stack = cast(new Yaml().load(run("docker-compose", "config")));
    Map<String, Map<String, Object>> services = cast(stack.get("services"));
    Map<String, Object> prometheus = cast(services.get("prometheus"));
    Map<String, Object> grafana = cast(services.get("grafana"));

    String here = Path.of("").toAbsolutePath().toString();
    assertThat(volumes(prometheus))
        .contains(here + "/monitoring/prometheus:/etc/prometheus:ro")
        .anyMatch(volume -> volume.startsWith("prometheus_data:"));
    assertThat(volumes(grafana)).anyMatch(volume -> volume.startsWith("grafana_data:"));
    assertThat(String.valueOf(prometheus.get("command")))
        .contains("--web.enable-lifecycle", "--config.file=/etc/prometheus/prometheus.yml");
    Map<String, Object> environment = cast(grafana.get("environment"));
    assertThat(environment)
        .containsEntry("GF_SECURITY_ADMIN_USER", "admin")
        .containsEntry(
            "GF_SECURITY_ADMIN_PASSWORD",
            System.getenv().getOrDefault("GF_SECURITY_ADMIN_PASSWORD", "admin"));
    Map<String, Object> named = cast(stack.get("volumes"));
    assertThat(named.keySet()).contains("prometheus_data", "grafana_data");
  }

  /** Grafana must find the dashboards where compose mounts them. */
  @Test
  void dashboardsAreProvisionedFromTheFolderThatIsMounted() throws IOException {
    Map<String, List<Map<String, Object>>> file =
        cast(new Yaml().load(Files.readString(DASHBOARD_PROVIDER)));
    Map<String, Object> options =
        cast(Objects.requireNonNull(file.get("providers")).get(0).get("options"));

    assertThat(volumes(services().get("grafana")))
        .contains("./monitoring/grafana/dashboards:" + options.get("path") + ":ro")
        .contains("./monitoring/grafana/provisioning:/etc/grafana/provisioning:ro");
  }

  @Test
  void profilesAddTheAgentTheClusterAndAlertmanager() throws IOException {
    Map<String, List<String>> profiles = new java.util.TreeMap<>();
    services().forEach((name, service) -> {
      if (service.get("profiles") instanceof List<?> of) {
        of.forEach(profile -> profiles
            .computeIfAbsent(String.valueOf(profile), p -> new ArrayList<>())
            .add(name));
      }
    });
    assertThat(profiles)
        .containsEntry("agent", List.of("agent"))
        .containsEntry("alertmanager", List.of("alertmanager"))
        .containsEntry("cluster", List.of("node-1", "node-2"))
        .hasSize(3);
  }

  @Test
  void prometheusScrapesTheHostEveryFiveSeconds() throws IOException {
    String text = Files.readString(PROMETHEUS.resolve("prometheus.yml"));
    Map<String, List<Map<String, Object>>> file = cast(new Yaml().load(text));
    Map<String, Object> job = Objects.requireNonNull(file.get("scrape_configs")).get(0);

    assertThat(job)
        .containsEntry("job_name", "voice_agent_v4")
        .containsEntry("scrape_interval", "5s");
    assertThat(String.valueOf(job.get("static_configs")))
        .isEqualTo("[{targets=[host.docker.internal:5050]}]");
    assertThat(text).contains("\n# alerting:\n#   alertmanagers:\n");
  }

  /** Both blocks are what a user gets by uncommenting them. */
  @Test
  void theCommentedSectionsAreValidOnceUncommented(@TempDir Path folder) throws Exception {
    need("promtool");
    String text = Files.readString(PROMETHEUS.resolve("prometheus.yml"));
    String active = text.replaceAll("(?m)^# (?=(alerting:|remote_write:| ))", "");
    Files.writeString(folder.resolve("prometheus.yml"), active);
    Files.copy(ALERTS, folder.resolve("alerts.yml"));

    assertThat(active).contains("\nalerting:\n", "\nremote_write:\n");
    run("promtool", "check", "config", "--syntax-only", folder + "/prometheus.yml");
  }

  @Test
  void imagesArePinned() throws IOException {
    services()
        .forEach((name, service) -> assertThat(String.valueOf(service.get("image")))
            .as(name)
            .matches(".+:v?\\d+\\.\\d+\\.\\d+"));
  }

  @Test
  void everyRuleSaysWhatItSeesAndWhatToDo() throws IOException {
    String runbook = Files.readString(Path.of("docs/runbook.md"));
    for (Map<String, Object> rule : rules()) {
      String name = String.valueOf(rule.get("alert"));
      Map<String, String> annotations = cast(rule.get("annotations"));
      assertThat(annotations.keySet())
          .as(name)
          .containsExactlyInAnyOrder("summary", "description", "runbook_url");
      assertThat(annotations.get("runbook_url"))
          .isEqualTo("docs/runbook.md#" + name.toLowerCase(java.util.Locale.ROOT));
      assertThat(runbook).contains("\n## " + name + "\n");
      assertThat(String.valueOf(rule.get("labels"))).matches("\\{severity=(warning|critical)}");
    }
  }

  /** Name, expression, wait and severity are a promise. */
  @Test
  void theSixRulesAreTheOnesPromised() throws IOException {
    List<String> six = rules().stream()
        .limit(6)
        .map(rule -> rule.get("alert") + " | " + rule.get("expr") + " | " + rule.get("for") + " | "
            + rule.get("labels"))
        .toList();
    assertThat(six)
        .containsExactly(
            rate("CartesiaTTSRateLimitHigh", "cartesia_tts_rate_limit", 5, "2m", "warning"),
            rate("CartesiaTTSRateLimitCritical", "cartesia_tts_rate_limit", 20, "1m", "critical"),
            rate("CartesiaTTSErrorRateHigh", "cartesia_tts_error", 10, "3m", "warning"),
            rate("OpenAIStreamErrorRateHigh", "openai_stream_error", 5, "3m", "warning"),
            rate("OpenAIStreamTimeoutHigh", "openai_stream_timeout", 3, "3m", "critical"),
            "TimeToFirstAudioSlow | histogram_quantile(0.95, sum by (le)"
                + " (rate(time_to_first_audio_ms_bucket[5m]))) > 2000 | 5m | {severity=warning}");
  }

  private static String rate(
      String alert, String name, int perMinute, String wait, String severity) {
    return alert + " | sum(rate(" + name + "_total[5m])) * 60 > " + perMinute + " | " + wait
        + " | {severity=" + severity + "}";
  }

  @Test
  void everyRuleIsTestedFiringAndSilent() throws IOException {
    String tests = Files.readString(PROMETHEUS.resolve("tests/contract_alerts.yml"))
        + Files.readString(PROMETHEUS.resolve("tests/service_alerts.yml"));
    for (Map<String, Object> rule : rules()) {
      String name = String.valueOf(rule.get("alert"));
      assertThat(tests)
          .contains(
              "- name: " + name + " fires",
              "- name: " + name + " is silent",
              "- name: " + name + " is silent when the service restarts")
          .containsPattern("- name: " + name + ".* resolves")
          .containsPattern(
              "- name: " + name
                  + " (sees a breach that two nodes share|is not hidden by|fires on the sum|fires over all|fires for some|fires .*for the node)");
    }
  }

  @Test
  void rulesAndDashboardsUseOnlyMetersThatExist() throws IOException {
    Set<String> unknown = new TreeSet<>();
    Set<String> known = knownNames();
    List<String> expressions = new ArrayList<>();
    rules().forEach(rule -> expressions.add(String.valueOf(rule.get("expr"))));
    for (Path dashboard : dashboards()) {
      expressions.addAll(Dashboards.expressions(dashboard));
    }
    assertThat(expressions).hasSizeGreaterThan(30);
    for (String expression : expressions) {
      Matcher names = METER.matcher(withoutLabels(expression));
      while (names.find()) {
        String name = names.group();
        if (!known.contains(name)
            && !WORDS.contains(name)
            && !FOREIGN.matcher(name).matches()) {
          unknown.add(name + " in " + expression);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void theDashboardIsTheOnePromised() throws IOException {
    JsonObject dashboard = Dashboards.read(DASHBOARDS.resolve("voice-agent-v4.json"));

    assertThat(dashboard.getString("title")).isEqualTo("Voice Agent v4 - Performance & Health");
    assertThat(dashboard.getJsonObject("time"))
        .isEqualTo(new JsonObject().put("from", "now-15m").put("to", "now"));
    assertThat(dashboard.getJsonArray("panels").stream()
            .map(JsonObject.class::cast)
            .filter(panel -> panel.getString("type").equals("row"))
            .map(panel -> panel.getString("title")))
        .startsWith("Error Monitoring", "Latency Metrics", "Application Health");
  }

  private static String withoutLabels(String expression) {
    return expression
        .replaceAll("\\{[^}]*}", "")
        .replaceAll("\\[[^\\]]*]", "")
        .replaceAll("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)", "")
        .replaceAll("\"[^\"]*\"", "")
        .replaceAll("\\$\\w+", "");
  }

  private static Set<String> knownNames() {
    try (Telemetry telemetry = new Telemetry()) {
      io.vertx.core.Vertx vertx =
          io.vertx.core.Vertx.builder().withMetrics(telemetry.factory()).build();
      LoopLagProbe.watch(vertx, telemetry.meters(), System::nanoTime).close();
      Set<String> names = telemetry
          .scrape(Telemetry.PROMETHEUS_TEXT)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.replaceAll("[{ ].*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
      vertx.close();
      return names;
    }
  }

  private static List<Path> dashboards() throws IOException {
    try (var files = Files.list(DASHBOARDS)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static List<Map<String, Object>> rules() throws IOException {
    List<Map<String, Object>> rules = new ArrayList<>();
    Map<String, List<Map<String, Object>>> root = cast(new Yaml().load(Files.readString(ALERTS)));
    List<Map<String, Object>> groups = cast(root.get("groups"));
    groups.forEach(group -> {
      List<Map<String, Object>> ofGroup = cast(group.get("rules"));
      rules.addAll(ofGroup);
    });
    return rules;
  }

  private static Map<String, Map<String, Object>> services() throws IOException {
    Map<String, Object> compose =
        cast(new Yaml().load(Files.readString(Path.of("docker-compose.yml"))));
    return cast(compose.get("services"));
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(@Nullable Object value) {
    return (T) Objects.requireNonNull(value);
  }

  /** Where the tests' packages are installed by script a missing tool is a fault; elsewhere the test is skipped. */
  private static void need(String tool) {
    boolean there = Pattern.compile(java.io.File.pathSeparator)
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    if (System.getenv("VOICE_AGENT_TOOLS_REQUIRED") != null) {
      assertThat(there).as(tool + " is on the path").isTrue();
    }
    assumeTrue(there, tool + " is not installed");
  }

  private static List<String> volumes(@Nullable Map<String, Object> service) {
    List<Object> volumes = cast(Objects.requireNonNull(service).get("volumes"));
    return volumes.stream().map(String::valueOf).toList();
  }

  private static String run(String... command) throws Exception {
    Path errors = Files.createTempFile("command", ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as(String.join(" ", command) + "\n" + output + Files.readString(errors))
        .isZero();
    Files.delete(errors);
    return output;
  }
}
