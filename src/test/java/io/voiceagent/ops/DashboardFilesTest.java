package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The dashboard files by the rules that Grafana silently expects: it shows a broken panel instead of an error. */
class DashboardFilesTest {
  private static final int COLUMNS = 24;
  private static final Set<String> UNITS =
      Set.of("short", "ms", "s", "cpm", "percentunit", "bytes", "Bps");
  private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Path PROVISIONED =
      Path.of("monitoring/grafana/provisioning/datasources/prometheus.yml");

  static Stream<Path> dashboards() throws IOException {
    return Files.list(Path.of("monitoring/grafana/dashboards")).sorted();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsHaveTheirOwnIdAndPlace(Path file) throws IOException {
    Set<Integer> ids = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (Object item : Dashboards.read(file).getJsonArray("panels")) {
      JsonObject panel = (JsonObject) item;
      JsonObject place = panel.getJsonObject("gridPos");
      assertThat(ids.add(panel.getInteger("id"))).as(panel.getString("title")).isTrue();
      assertThat(place.getInteger("x") + place.getInteger("w")).isLessThanOrEqualTo(COLUMNS);
      for (int x = 0; x < place.getInteger("w"); x++) {
        for (int y = 0; y < place.getInteger("h"); y++) {
          String cell = place.getInteger("x") + x + "," + (place.getInteger("y") + y);
          assertThat(taken.add(cell))
              .as("%s overlaps at %s", panel.getString("title"), cell)
              .isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panelsAreExplainedMeasuredAndColoured(Path file) throws IOException {
    for (JsonObject panel : Dashboards.panels(file)) {
      String title = panel.getString("title");
      JsonObject defaults = panel.getJsonObject("fieldConfig").getJsonObject("defaults");
      JsonArray steps = defaults.getJsonObject("thresholds").getJsonArray("steps");
      assertThat(panel.getString("description")).as(title).isNotBlank();
      assertThat(UNITS).as(title).contains(defaults.getString("unit"));
      assertThat(steps.getJsonObject(0).getValue("value")).as(title).isNull();
      if (panel.getString("type").equals("timeseries")) {
        assertThat(panel.getJsonObject("options").getJsonObject("legend").getBoolean("showLegend"))
            .as(title)
            .isTrue();
        String style =
            defaults.getJsonObject("custom").getJsonObject("thresholdsStyle").getString("mode");
        assertThat(style).as(title).isEqualTo(steps.size() > 1 ? "dashed" : "off");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyQueryAsksTheProvisionedSourceForTheChosenNodesOfOurJob(Path file) throws IOException {
    String uid = provisionedUid();
    for (JsonObject panel : Dashboards.panels(file)) {
      String title = panel.getString("title");
      assertThat(panel.getJsonObject("datasource").getString("uid")).as(title).isEqualTo(uid);
      Set<String> refIds = new HashSet<>();
      JsonArray targets = panel.getJsonArray("targets");
      assertThat(targets).as(title).isNotEmpty();
      for (Object item : targets) {
        JsonObject target = (JsonObject) item;
        assertThat(refIds.add(target.getString("refId"))).as(title).isTrue();
        assertThat(target.getJsonObject("datasource").getString("uid")).isEqualTo(uid);
        assertThat(target.getString("legendFormat")).as(title).isNotBlank();
        String query = target.getString("expr");
        if (!query.contains("ALERTS")) {
          Matcher selectors = SELECTOR.matcher(query);
          assertThat(selectors.results().map(found -> found.group(1)))
              .as(query)
              .isNotEmpty()
              .allMatch(
                  labels -> labels.startsWith("job=\"voice_agent_v4\",instance=~\"$instance\""));
        }
      }
    }
  }

  /** A label that the query has summed away would leave the legend empty. */
  @ParameterizedTest
  @MethodSource("dashboards")
  void legendsNameOnlyLabelsThatTheQueryKeeps(Path file) throws IOException {
    for (JsonObject panel : Dashboards.panels(file)) {
      for (Object item : panel.getJsonArray("targets")) {
        String query = ((JsonObject) item).getString("expr");
        Matcher labels = LEGEND_LABEL.matcher(((JsonObject) item).getString("legendFormat"));
        boolean summed = query.matches("(?s).*\\b(sum|max|min|avg|count)\\b.*");
        while (summed && labels.find()) {
          assertThat(query)
              .as(panel.getString("title"))
              .containsPattern("by \\([^)]*\\b" + labels.group(1) + "\\b");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void theFrameIsComplete(Path file) throws IOException {
    JsonObject dashboard = Dashboards.read(file);
    assertThat(dashboard.getInteger("schemaVersion")).isBetween(39, 42);
    assertThat(dashboard.getString("uid"))
        .isEqualTo(file.getFileName().toString().split("\\.")[0]);
    assertThat(dashboard.getString("refresh")).isEqualTo("5s");
    assertThat(dashboard.getJsonObject("time").getString("from")).isEqualTo("now-15m");
    assertThat(dashboard.getJsonArray("tags")).isNotEmpty();
    assertThat(names(dashboard.getJsonObject("templating"))).containsExactly("instance", "window");
    assertThat(names(dashboard.getJsonObject("annotations"))).contains("Deploys", "Alerts");
    for (Object item : dashboard.getJsonObject("annotations").getJsonArray("list")) {
      JsonObject annotation = (JsonObject) item;
      assertThat(annotation.getJsonObject("datasource").getString("uid"))
          .isEqualTo(provisionedUid());
      assertThat(annotation.getString("expr")).isNotBlank();
    }
    assertThat(dashboard.encode())
        .doesNotContain("__inputs", "${DS_")
        .as("only variables that are defined")
        .doesNotContainPattern("\\$(?!instance|window|__all)[a-z_]+");
  }

  private static List<String> names(JsonObject of) {
    List<String> names = new ArrayList<>();
    of.getJsonArray("list").forEach(item -> names.add(((JsonObject) item).getString("name")));
    return names;
  }

  private static String provisionedUid() throws IOException {
    Map<String, List<Map<String, Object>>> file = new Yaml().load(Files.readString(PROVISIONED));
    return String.valueOf(Objects.requireNonNull(file.get("datasources")).get(0).get("uid"));
  }
}
