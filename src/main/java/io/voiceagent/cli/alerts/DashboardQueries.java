package io.voiceagent.cli.alerts;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Asks a Prometheus everything that the dashboards ask, as Grafana would. */
final class DashboardQueries {
  private final String window;

  /** @param window takes the place of the variable of that name, for example {@code 1m} */
  DashboardQueries(String window) {
    this.window = window;
  }

  /** What is wrong with the answers, a line each: errors, empty answers, values that are no number. */
  List<String> problems(Path folder, Prometheus prometheus) throws IOException {
    List<String> problems = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      for (Object item : new JsonObject(Files.readString(file)).getJsonArray("panels")) {
        JsonObject panel = (JsonObject) item;
        for (Object target : panel.getJsonArray("targets", new JsonArray())) {
          String problem = ask(((JsonObject) target).getString("expr"), prometheus);
          if (!problem.isEmpty()) {
            problems.add(file.getFileName() + ", " + panel.getString("title") + ": " + problem);
          }
        }
      }
    }
    return problems;
  }

  /** The same, asked again until nothing is wrong or {@code limit} has passed: a restarted service was not seen yet. */
  List<String> problemsWithin(Duration limit, Path folder, Prometheus prometheus)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    List<String> problems = problems(folder, prometheus);
    while (!problems.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(300);
      problems = problems(folder, prometheus);
    }
    return problems;
  }

  private String ask(String expression, Prometheus prometheus) {
    String query = expression.replace("$instance", ".*").replace("$window", window);
    try {
      JsonArray answer = prometheus.query(query);
      if (answer.isEmpty()) {
        return "no data for " + query;
      }
      for (Object series : answer) {
        String value = ((JsonObject) series).getJsonArray("value").getString(1);
        if (value.equals("NaN") || value.endsWith("Inf")) {
          return value + " for " + query;
        }
      }
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
