package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.app.SettingsLoader;
import io.voiceagent.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The Kubernetes files agree with each other and with the service; no cluster needed. */
class DeployFilesTest {
  private static final Path BASE = Path.of("deploy/base");

  @Test
  void everyFileIsListedAndEveryDocumentIsComplete() throws IOException {
    List<Object> listed = list(one(BASE.resolve("kustomization.yaml")), "resources");
    try (Stream<Path> files = Files.list(BASE)) {
      assertThat(files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("kustomization.yaml") && !name.equals("node.yaml")))
          .containsExactlyInAnyOrderElementsOf(
              listed.stream().map(String::valueOf).toList());
    }
    for (Map<String, Object> document : documents()) {
      assertThat(document).containsKeys("apiVersion", "kind", "metadata", "spec");
      assertThat(text(document, "metadata", "name")).startsWith("voice-agent");
    }
  }

  @Test
  void everySelectorFindsPodsAndEveryPortHasItsName() throws IOException {
    for (Map<String, Object> service : documents("Service")) {
      List<Map<String, Object>> chosen = pods(map(service, "spec", "selector"));
      assertThat(chosen).as(text(service, "metadata", "name")).isNotEmpty();
      for (Object port : list(service, "spec", "ports")) {
        for (Map<String, Object> pod : chosen) {
          assertThat(portNames(pod)).contains(text(cast(port), "targetPort"));
        }
      }
    }
    for (Map<String, Object> budget : documents("PodDisruptionBudget")) {
      assertThat(pods(map(budget, "spec", "selector", "matchLabels"))).hasSize(1);
    }
    for (Map<String, Object> deployment : documents("Deployment")) {
      assertThat(pods(map(deployment, "spec", "selector", "matchLabels"))).hasSize(1);
    }
    Map<String, Object> policy = documents("NetworkPolicy").get(0);
    assertThat(pods(map(policy, "spec", "podSelector", "matchLabels"))).hasSize(2);
  }

  @Test
  void whatRefersToAnotherDocumentFindsIt() throws IOException {
    Map<String, Object> scaler = documents("HorizontalPodAutoscaler").get(0);
    assertThat(names("Deployment")).contains(text(scaler, "spec", "scaleTargetRef", "name"));
    Map<String, Object> monitor = documents("ServiceMonitor").get(0);
    List<Map<String, Object>> watched = documents("Service").stream()
        .filter(service -> map(service, "metadata", "labels")
            .entrySet()
            .containsAll(map(monitor, "spec", "selector", "matchLabels").entrySet()))
        .toList();
    assertThat(watched).hasSize(1);
    assertThat(list(watched.get(0), "spec", "ports").stream().map(port -> text(cast(port), "name")))
        .contains(text(cast(list(monitor, "spec", "endpoints").get(0)), "port"));
    String ingress = documents("Ingress").get(0).toString();
    assertThat(ingress).contains("service={name=voice-agent, port={name=public}}");
    for (Map<String, Object> deployment : documents("Deployment")) {
      assertThat(deployment.toString()).contains("secretRef={name=voice-agent}");
      assertThat(deployment.toString()).contains("value=voice-agent-nodes");
    }
    assertThat(names("Service")).contains("voice-agent-nodes");
    assertThat(Files.readString(Path.of("deploy/example/kustomization.yaml"))).contains("../base");
  }

  @Test
  void theConfigurationHasKnownKeysOnlyAndEveryVariableIsGiven() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("deploy/example/secrets.env"))) {
      if (!line.startsWith("#")) {
        environment.put(line.replace("=", ""), "a-secret-of-some-length");
      }
    }
    for (Map<String, Object> deployment : documents("Deployment")) {
      for (Object variable : list(container(deployment), "env")) {
        environment.put(
            text(cast(variable), "name"),
            Objects.requireNonNullElse(cast(variable).get("value"), "10.0.0.1").toString());
      }
      Settings settings =
          new SettingsLoader(environment).load(List.of(BASE.resolve("node.yaml")), List.of());
      ServiceSettings.from(settings);
      settings.check();
    }
  }

  @Test
  void aNodeThatLeavesHasTimeToDrain() throws IOException {
    Settings settings = Settings.of(Map.of());
    ServiceSettings.from(settings);
    Duration drain = settings.duration("drain.timeout", Duration.ofMinutes(10));
    for (Map<String, Object> deployment : documents("Deployment")) {
      int grace = Integer.parseInt(
          text(deployment, "spec", "template", "spec", "terminationGracePeriodSeconds"));
      Matcher pause =
          Pattern.compile("sleep ([0-9]+)").matcher(container(deployment).toString());
      assertThat(pause.find()).isTrue();
      int preStop = Integer.parseInt(pause.group(1));
      assertThat(grace).isGreaterThan(preStop + (int) drain.toSeconds());
      int period = Integer.parseInt(text(container(deployment), "readinessProbe", "periodSeconds"));
      assertThat(preStop).isGreaterThan(2 * period);
      assertThat(container(deployment).toString()).contains("POST /api/drain", "/health/ready");
    }
  }

  private static List<Map<String, Object>> documents() throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object file : list(one(BASE.resolve("kustomization.yaml")), "resources")) {
      new Yaml()
          .loadAll(Files.readString(BASE.resolve(String.valueOf(file))))
          .forEach(document -> documents.add(cast(document)));
    }
    return documents;
  }

  private static List<Map<String, Object>> documents(String kind) throws IOException {
    List<Map<String, Object>> found = documents().stream()
        .filter(document -> kind.equals(document.get("kind")))
        .toList();
    assertThat(found).as(kind).isNotEmpty();
    return found;
  }

  private static List<String> names(String kind) throws IOException {
    return documents(kind).stream()
        .map(document -> text(document, "metadata", "name"))
        .toList();
  }

  private static List<Map<String, Object>> pods(Map<String, Object> selector) throws IOException {
    return documents("Deployment").stream()
        .filter(deployment -> map(deployment, "spec", "template", "metadata", "labels")
            .entrySet()
            .containsAll(selector.entrySet()))
        .toList();
  }

  private static List<String> portNames(Map<String, Object> deployment) {
    return list(container(deployment), "ports").stream()
        .map(port -> text(cast(port), "name"))
        .toList();
  }

  private static Map<String, Object> container(Map<String, Object> deployment) {
    return cast(list(deployment, "spec", "template", "spec", "containers").get(0));
  }

  private static Map<String, Object> one(Path file) throws IOException {
    return cast(new Yaml().load(Files.readString(file)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object value) {
    return (Map<String, Object>) value;
  }

  private static Object at(Map<String, Object> from, String... path) {
    Object value = from;
    for (String key : path) {
      value = cast(Objects.requireNonNull(value, key)).get(key);
    }
    return Objects.requireNonNull(value, String.join(".", path));
  }

  private static Map<String, Object> map(Map<String, Object> from, String... path) {
    return cast(at(from, path));
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Map<String, Object> from, String... path) {
    return (List<Object>) at(from, path);
  }

  private static String text(Map<String, Object> from, String... path) {
    return String.valueOf(at(from, path));
  }
}
