package io.voiceagent.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A service to load and its providers, each a process of its own, so that it can be said who used the CPU. All on
 * loopback, on free ports.
 */
public final class LoadBed implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final String TOKEN = "load-test-only";

  private final Process simulators;
  private final Process service;
  private final int mediaPort;
  private final int opsPort;
  private final int simulatorPort;

  private LoadBed(
      Process simulators, Process service, int mediaPort, int opsPort, int simulatorPort) {
    this.simulators = simulators;
    this.service = service;
    this.mediaPort = mediaPort;
    this.opsPort = opsPort;
    this.simulatorPort = simulatorPort;
  }

  /**
   * @param command what starts our own jar, without arguments: {@code java ... -cp ... Main}
   * @param jvmFlags for the service only
   * @param config files for both
   * @param assignments {@code key=value} for both, on top
   * @param logs where their output goes
   * @throws IOException when one of them did not start in time
   */
  public static LoadBed start(
      List<String> command,
      List<String> jvmFlags,
      List<Path> config,
      List<String> assignments,
      Path logs)
      throws IOException, InterruptedException {
    int cartesia = freePort();
    int openAi = freePort();
    int twilio = freePort();
    int media = freePort();
    int ops = freePort();
    List<String> both = new ArrayList<>();
    config.forEach(file -> both.addAll(List.of("--config", file.toString())));
    List<String> all = new ArrayList<>(List.of(
        "simulator.cartesia.port=" + cartesia,
        "simulator.openai.port=" + openAi,
        "simulator.twilio.port=" + twilio,
        "telephony.twilio.authToken=" + TOKEN));
    all.addAll(assignments);
    all.forEach(assignment -> both.addAll(List.of("--set", assignment)));
    Process simulators = process(
        command,
        List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m", "-Xmn200m", "-XX:+AlwaysPreTouch"),
        "simulate",
        both,
        logs.resolve("simulate.log"));
    List<String> serve = new ArrayList<>(both);
    String socket = "ws://127.0.0.1:" + cartesia;
    for (String assignment : List.of(
        "simulator.enabled=false",
        "media.host=127.0.0.1",
        "media.port=" + media,
        "ops.host=127.0.0.1",
        "ops.port=" + ops,
        "stt.cartesia.url=" + socket,
        "stt.cartesia.apiKey=simulated",
        "tts.cartesia.url=" + socket,
        "tts.cartesia.apiKey=simulated",
        "llm.openai.url=http://127.0.0.1:" + openAi + "/v1",
        "llm.openai.apiKey=simulated",
        "telephony.twilio.baseUrl=http://127.0.0.1:" + twilio)) {
      serve.addAll(List.of("--set", assignment));
    }
    Process service = process(command, jvmFlags, "serve", serve, logs.resolve("serve.log"));
    LoadBed bed = new LoadBed(simulators, service, media, ops, openAi);
    // Whoever ends the load test early must not leave a service behind.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      service.destroyForcibly();
      simulators.destroyForcibly();
    }));
    try {
      awaitOk(simulators, "http://127.0.0.1:" + openAi + "/_sim/stats", logs);
      awaitOk(service, "http://127.0.0.1:" + ops + "/health/ready", logs);
      return bed;
    } catch (IOException | InterruptedException e) {
      bed.close();
      throw e;
    }
  }

  public LoadTarget target() {
    return new LoadTarget(
        "http://127.0.0.1:" + mediaPort,
        "http://127.0.0.1:" + opsPort,
        TOKEN,
        OptionalLong.of(service.pid()),
        OptionalLong.of(simulators.pid()));
  }

  /** Base URL of a simulated provider, whose control surface is that of all. */
  public String simulators() {
    return "http://127.0.0.1:" + simulatorPort;
  }

  private static Process process(
      List<String> command, List<String> jvmFlags, String what, List<String> arguments, Path log)
      throws IOException {
    List<String> words = new ArrayList<>(List.of(command.get(0)));
    words.addAll(jvmFlags);
    words.addAll(command.subList(1, command.size()));
    words.add(what);
    words.addAll(arguments);
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void awaitOk(Process process, String url, Path logs)
      throws IOException, InterruptedException {
    HttpClient http =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2)).build();
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // It is still starting.
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IOException("the process behind " + url + " did not start; see " + logs);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    for (Process process : List.of(service, simulators)) {
      process.destroy();
    }
    for (Process process : List.of(service, simulators)) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
