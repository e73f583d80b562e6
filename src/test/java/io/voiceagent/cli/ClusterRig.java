package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.app.SettingsLoader;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Nodes, each a JVM of its own; the providers, a balancer and a carrier in this one. All on loopback, on free ports. */
final class ClusterRig implements AutoCloseable {
  static final String SECRET = "a-secret-for-tests-only";
  private static final Duration START = Duration.ofSeconds(180);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final Simulators simulators;
  private final Balancer balancer;
  private final CarrierSimulator carrier;
  private final Path folder;
  private final List<Node> nodes = new ArrayList<>();
  private final int firstMember = freePort();
  private final List<String> common;

  ClusterRig(String... common) throws Exception {
    this.common = List.of(common);
    folder = Files.createTempDirectory("voice-agent-cluster");
    List<String> pace = List.of(
        "simulator.llm.firstToken=100ms",
        "simulator.llm.perWord=30ms",
        "simulator.tts.firstAudio=50ms",
        "simulator.tts.speed=3");
    simulators = LiveService.await(Simulators.start(
        vertx, SimulatorOptions.from(new SettingsLoader(Map.of()).load(List.of(), pace))));
    balancer = new Balancer(vertx);
    CompletableFuture<CarrierSimulator> made = new CompletableFuture<>();
    vertx.runOnContext(
        x -> made.complete(new CarrierSimulator(vertx, balancer.url(), LiveService.TOKEN)));
    carrier = made.join();
  }

  /** Starts a process; it is not waited for. */
  Node start(String name, String roles, String... more) throws IOException {
    Node node = new Node(name, roles, nodes.isEmpty() ? firstMember : freePort());
    node.launch(List.of(more));
    nodes.add(node);
    return node;
  }

  SimulatedCaller place(Scenario scenario) {
    return place(scenario, CallerListener.NONE);
  }

  SimulatedCaller place(Scenario scenario, CallerListener listener) {
    CompletableFuture<SimulatedCaller> placed = new CompletableFuture<>();
    vertx.runOnContext(x ->
        placed.complete(carrier.place("+15005550010", "+15005550006", scenario, listener, false)));
    return placed.join();
  }

  static CallResult result(SimulatedCaller caller) throws Exception {
    return caller.result().await(90, TimeUnit.SECONDS);
  }

  Simulators simulators() {
    return simulators;
  }

  /** Waits for something that must become true. */
  void await(String what, Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + START.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("waited in vain until " + what + logs());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Last words of every node, for a message. */
  String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Node node : nodes) {
      String text = node.logged();
      all.append("\n---- ").append(node.name).append('\n');
      all.append(text.substring(Math.max(0, text.length() - 3000)));
    }
    return all.toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws Exception {
    nodes.forEach(Node::kill);
    balancer.close();
    LiveService.await(vertx.close());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** One process. */
  final class Node {
    final String name;
    private final String roles;
    private final int member;
    private final int media;
    private final int ops;

    @SuppressWarnings("NullAway.Init") // launched as soon as it is made
    private Process process;

    Node(String name, String roles, int member) throws IOException {
      this.name = name;
      this.roles = roles;
      this.member = member;
      this.media = freePort();
      this.ops = freePort();
    }

    private void launch(List<String> more) throws IOException {
      List<String> command = new ArrayList<>(List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-cp",
          System.getProperty("java.class.path"),
          "io.voiceagent.cli.Main",
          "serve",
          "--cluster"));
      List<String> settings = new ArrayList<>(List.of(
          "cluster.node=" + name,
          "cluster.port=" + member,
          "cluster.members=127.0.0.1:" + firstMember + ",127.0.0.1:" + member,
          "cluster.roles=" + roles,
          "cluster.secret=" + SECRET,
          // A busy machine stands still now and then; a killed process is noticed by its sockets.
          "cluster.peerTimeout=8s",
          "media.host=127.0.0.1",
          "media.port=" + media,
          "media.publicUrl=" + balancer.url(),
          "ops.host=127.0.0.1",
          "ops.port=" + ops,
          "runtime.eventLoops=2",
          "telephony.twilio.accountSid=AC1",
          "telephony.twilio.authToken=" + LiveService.TOKEN,
          "agent.greeting=Hello there.",
          // What stands still for a moment here is no fault of theirs: the carrier has something to
          // play meanwhile.
          "media.playout.lead=3s",
          "log.format=text"));
      simulators.settings().forEach((key, value) -> settings.add(key + "=" + value));
      settings.addAll(common);
      settings.addAll(more);
      settings.forEach(setting -> command.addAll(List.of("--set", setting)));
      process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
          .start();
    }

    private Path log() {
      return folder.resolve(name + ".log");
    }

    String logged() throws IOException {
      return Files.readString(log());
    }

    boolean alive() {
      return process.isAlive();
    }

    /** The same node again, after its process has ended. */
    void relaunch() throws IOException {
      launch(List.of());
    }

    Node ready() throws Exception {
      await(name + " is ready", () -> {
        assertThat(process.isAlive()).as(logged()).isTrue();
        return status("/health/ready") == 200;
      });
      if (roles.contains("media")) {
        balancer.remove(media);
        balancer.add(media);
      }
      return this;
    }

    /** No new connections from now on, as a balancer does that has seen the node's readiness turn false. */
    void outOfBalance() {
      balancer.remove(media);
    }

    /** Asks this very node as the carrier does. */
    Stranger asked() {
      return new Stranger("http://127.0.0.1:" + media, balancer.url(), LiveService.TOKEN);
    }

    void kill() {
      process.destroyForcibly();
    }

    void terminate() {
      process.destroy();
    }

    int exit() throws Exception {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(name + " ends").isTrue();
      return process.exitValue();
    }

    /** SIGSTOP or SIGCONT. */
    void signal(String signal) throws Exception {
      assertThat(new ProcessBuilder("kill", "-" + signal, "" + process.pid())
              .start()
              .waitFor())
          .isZero();
    }

    JsonObject api(String path) throws Exception {
      return new JsonObject(send("GET", path).body());
    }

    int status(String path) throws InterruptedException {
      try {
        return send("GET", path).statusCode();
      } catch (IOException notUp) {
        return -1;
      }
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ops + path))
              .timeout(Duration.ofSeconds(30))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }

    /** Ids of the calls of the whole cluster, as this node sees them, by the name of the node that holds each. */
    List<String> calls() throws Exception {
      JsonArray calls = api("/api/calls").getJsonArray("calls");
      List<String> found = new ArrayList<>();
      for (int i = 0; i < calls.size(); i++) {
        JsonObject call = calls.getJsonObject(i);
        found.add(call.getString("node").replaceAll("~.*", "") + " " + call.getString("callSid"));
      }
      return found;
    }

    /** Whether this node hears from every conversation of {@code nodes}. */
    boolean sees(int nodes) throws Exception {
      return metric("cluster_members") == nodes && !api("/api/calls").containsKey("unreachable");
    }

    double metric(String name) throws Exception {
      double sum = 0;
      for (String line : send("GET", "/metrics").body().split("\n")) {
        if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
          sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        }
      }
      return sum;
    }
  }
}
