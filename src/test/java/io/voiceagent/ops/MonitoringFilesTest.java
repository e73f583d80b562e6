package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
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
import org.yaml.snakeyaml.Yaml;

/** The files of {@code monitoring/}: valid, complete, and speaking of meters that exist. */
class MonitoringFilesTest {
  private static final Path PROMETHEUS = Path.of("monitoring/prometheus");
  private static final Path ALERTS = PROMETHEUS.resolve("alerts.yml");
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

  @Test
  void everyRuleIsTestedFiringAndSilent() throws IOException {
    String tests = Files.readString(PROMETHEUS.resolve("tests/contract_alerts.yml"))
        + Files.readString(PROMETHEUS.resolve("tests/service_alerts.yml"));
    for (Map<String, Object> rule : rules()) {
      String name = String.valueOf(rule.get("alert"));
      assertThat(tests).contains("- name: " + name + " fires");
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
  void everyPanelIsExplainedAndHasItsUnitAndItsSource() throws IOException {
    for (Path dashboard : dashboards()) {
      for (JsonObject panel : Dashboards.panels(dashboard)) {
        String title = panel.getString("title");
        assertThat(panel.getString("description")).as(title).isNotBlank();
        if (panel.getJsonArray("targets", new JsonArray()).isEmpty()) {
          continue;
        }
        assertThat(panel.getJsonObject("datasource").getString("uid"))
            .as(title)
            .isEqualTo("prometheus");
        assertThat(panel.getJsonObject("fieldConfig").getJsonObject("defaults").getString("unit"))
            .as(title)
            .isNotBlank();
      }
    }
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

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as(String.join(" ", command) + "\n" + output)
        .isZero();
  }
}
