package io.voiceagent.cli.soak;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a service and its providers hold when no call is up, counted by themselves. */
final class Leftovers {
  /**
   * One countable.
   *
   * @param slack by how much it may have grown: caches fill, pools keep a connection
   */
  record Row(String name, double before, double after, double slack) {
    boolean good() {
      return after - before <= slack;
    }
  }

  /** Name, and how much more of it than before is no leak. */
  private static final Map<String, Double> SLACK = new LinkedHashMap<>();

  static {
    SLACK.put("calls", 0.0);
    SLACK.put("calls_started_less_ended", 0.0);
    SLACK.put("streams", 0.0);
    SLACK.put("items_on_streams", 0.0);
    SLACK.put("media_sockets", 0.0);
    SLACK.put("stt_sockets_at_provider", 0.0);
    SLACK.put("tts_contexts_at_provider", 0.0);
    SLACK.put("llm_streams_at_provider", 0.0);
    SLACK.put("heap_mb_after_gc", 12.0);
    SLACK.put("direct_mb", 24.0);
    // The pool of workers is filled on demand, twenty at most.
    SLACK.put("threads", 20.0);
    SLACK.put("descriptors", 24.0);
  }

  private final String ops;
  private final String simulators;
  private final long servicePid;
  private final HttpClient http = HttpClient.newHttpClient();

  Leftovers(String ops, String simulators, long servicePid) {
    this.ops = ops;
    this.simulators = simulators;
    this.servicePid = servicePid;
  }

  /** Waits until no call is up, {@code patience} at most, collects garbage, and counts. */
  Map<String, Double> count(Duration patience) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (sum(get(ops + "/metrics"), "calls_active", "") > 0 && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    // The promise is two seconds; pools of idle connections shrink within some more.
    TimeUnit.SECONDS.sleep(5);
    for (int i = 0; i < 3; i++) {
      collectGarbage();
    }
    String metrics = get(ops + "/metrics");
    JsonObject provider = new JsonObject(get(simulators + "/_sim/stats"));
    Map<String, Double> counted = new LinkedHashMap<>();
    counted.put("calls", sum(metrics, "calls_active", ""));
    counted.put(
        "calls_started_less_ended",
        sum(metrics, "calls_started_total", "") - sum(metrics, "calls_ended_total", ""));
    counted.put("streams", sum(metrics, "bus_stream_open", ""));
    counted.put("items_on_streams", sum(metrics, "bus_stream_depth", ""));
    counted.put("media_sockets", sum(metrics, "vertx_http_server_active_ws_connections", ""));
    counted.put("stt_sockets_at_provider", provider.getDouble("sttSocketsOpen", 0.0));
    counted.put("tts_contexts_at_provider", provider.getDouble("ttsContextsOpen", 0.0));
    counted.put("llm_streams_at_provider", provider.getDouble("llmOpen", 0.0));
    counted.put("heap_mb_after_gc", megabytes(metrics, "jvm_memory_used_bytes", "area=\"heap\""));
    counted.put("direct_mb", megabytes(metrics, "jvm_buffer_memory_used_bytes", "id=\"direct\""));
    counted.put("threads", sum(metrics, "jvm_threads_live_threads", ""));
    counted.put("descriptors", sum(metrics, "process_files_open_files", ""));
    return counted;
  }

  static List<Row> compared(Map<String, Double> before, Map<String, Double> after) {
    List<Row> rows = new ArrayList<>();
    SLACK.forEach((name, slack) -> rows.add(new Row(
        name, before.getOrDefault(name, 0.0), after.getOrDefault(name, Double.NaN), slack)));
    return rows;
  }

  /** How many faults the providers made so far. */
  long faults() throws IOException, InterruptedException {
    return new JsonObject(get(simulators + "/_sim/stats")).getLong("faultsInjected", 0L);
  }

  private void collectGarbage() throws IOException, InterruptedException {
    new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            String.valueOf(servicePid),
            "GC.run")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor(30, TimeUnit.SECONDS);
    TimeUnit.SECONDS.sleep(1);
  }

  private String get(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static double megabytes(String metrics, String name, String label) {
    return Math.round(sum(metrics, name, label) / (1 << 20) * 10) / 10.0;
  }

  /** NaN when there is no such series: a count that cannot fail is none. */
  private static double sum(String metrics, String name, String label) {
    double sum = Double.NaN;
    for (String line : metrics.split("\n")) {
      boolean series = line.startsWith(name + " ") || line.startsWith(name + "{");
      if (series && line.contains(label)) {
        double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        sum = Double.isNaN(sum) ? value : sum + value;
      }
    }
    return sum;
  }
}
