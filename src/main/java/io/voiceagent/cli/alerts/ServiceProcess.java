package io.voiceagent.cli.alerts;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The service as a process of its own, with embedded providers, on free ports; it can be killed and started again. */
final class ServiceProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  final int mediaPort = MonitoringStack.freePort();
  final int opsPort = MonitoringStack.freePort();
  private final Path log;
  private final List<String> command;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private @Nullable Process process;

  /**
   * @param jar the jar to start
   * @param config configuration with embedded providers
   * @param assignments {@code key=value} on top of it
   */
  ServiceProcess(Path jar, Path config, Path log, List<String> assignments) throws IOException {
    this.log = log;
    List<String> words = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-jar",
        jar.toString(),
        "serve",
        "--config",
        config.toString()));
    List<String> all = new ArrayList<>(assignments);
    all.add("media.port=" + mediaPort);
    all.add("ops.port=" + opsPort);
    all.add("ops.host=127.0.0.1");
    all.add("media.host=127.0.0.1");
    all.forEach(assignment -> words.addAll(List.of("--set", assignment)));
    this.command = List.copyOf(words);
  }

  /** Returns when it is ready. */
  void start(String... assignments) throws IOException {
    List<String> words = new ArrayList<>(command);
    List.of(assignments).forEach(assignment -> words.addAll(List.of("--set", assignment)));
    Process started = new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
    process = started;
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!ready()) {
      if (!started.isAlive() || System.nanoTime() > end) {
        throw new IOException("the service did not start; its log is " + log);
      }
      pause();
    }
  }

  /** As a machine that loses power: no drain, no goodbye. */
  void kill() throws IOException {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  void restart(String... assignments) throws IOException {
    kill();
    start(assignments);
  }

  /** Sends a signal of that name. */
  void signal(String name) throws IOException {
    Process running = process;
    if (running != null && running.isAlive()) {
      try {
        new ProcessBuilder("kill", "-" + name, String.valueOf(running.pid()))
            .start()
            .waitFor(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** Waits until so many calls are running, ten seconds at most. */
  void awaitCalls(int calls) throws IOException {
    String wanted = "calls_active " + calls + ".0";
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (get("/metrics").body().lines().noneMatch(wanted::equals)) {
      if (System.nanoTime() > end) {
        throw new IOException("waited for " + wanted);
      }
      pause();
    }
  }

  String url() {
    return "http://127.0.0.1:" + mediaPort;
  }

  /** Sends a request to the service or to a simulator and returns the status. */
  int post(String url, String contentType, String body) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofSeconds(5))
        .header("Content-Type", contentType)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    return send(request).statusCode();
  }

  int delete(String url) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(5))
            .DELETE()
            .build())
        .statusCode();
  }

  private boolean ready() throws IOException {
    try {
      return get("/health/ready").statusCode() == 200;
    } catch (ConnectException notYet) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + path))
        .timeout(Duration.ofSeconds(2))
        .build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
