package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own, and real signals in the middle of a call. */
@Timeout(120)
class DrainIT {
  private static final String TOKEN = "drain-test-token";

  @TempDir
  private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private int mediaPort;
  private int opsPort;
  private Process service;
  private Stranger stranger;

  @BeforeEach
  void start() throws Exception {
    mediaPort = freePort();
    opsPort = freePort();
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "serve"));
    for (String assignment : List.of(
        "simulator.enabled=true",
        "simulator.llm.perWord=20ms",
        "media.host=127.0.0.1",
        "media.port=" + mediaPort,
        "ops.host=127.0.0.1",
        "ops.port=" + opsPort,
        "telephony.twilio.authToken=" + TOKEN,
        "media.busy.text=We are closing.",
        "agent.greeting=",
        "log.format=text")) {
      command.addAll(List.of("--set", assignment));
    }
    service = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log())
        .start();
    stranger = new Stranger("http://127.0.0.1:" + mediaPort, TOKEN);
    await(() -> ready() == 200);
  }

  @AfterEach
  void stop() throws Exception {
    service.destroyForcibly();
    stranger.close();
    LiveService.await(vertx.close());
  }

  @Test
  void r44_r45_sigtermLetsCallsFinishRefusesNewOnesPolitelyAndEndsWithZero() throws Exception {
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    SimulatedCaller caller = place(
        Scenario.of("echo one two three", "echo four five six", "echo seven eight"), answered);
    answered.get(60, TimeUnit.SECONDS);
    assertThat(ready()).isEqualTo(200);

    signal("TERM");

    // Asked in this order: whoever is refused could have known before.
    int ready;
    String twiml;
    do {
      ready = ready();
      twiml = stranger.post("/twilio/voice", true, "CallSid", "CAlate").body();
      assertThat(ready == 200 && twiml.contains("<Say>") ? ready() : 503)
          .as("refused while ready")
          .isEqualTo(503);
    } while (!twiml.contains("<Say>"));
    assertThat(ready()).isEqualTo(503);
    assertThat(twiml).contains("<Say>We are closing.</Say><Hangup/>");
    assertThat(service.isAlive()).as("while a call runs").isTrue();

    CallResult result = caller.result().await(60, TimeUnit.SECONDS);
    assertThat(result.good()).as(result + Files.readString(log().toPath())).isTrue();
    assertThat(result.turns()).hasSize(3);
    assertThat(service.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(service.exitValue()).isZero();
  }

  @Test
  void r44_ctrlCDrainsAsWellAndASecondOneEndsAtOnce() throws Exception {
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    place(Scenario.of("echo one", "tell me a long story"), answered);
    answered.get(60, TimeUnit.SECONDS);

    signal("INT");
    await(() -> ready() == 503);
    assertThat(service.isAlive()).isTrue();
    signal("INT");

    assertThat(service.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(service.exitValue()).isEqualTo(130);
  }

  private SimulatedCaller place(Scenario scenario, CompletableFuture<Boolean> answered)
      throws Exception {
    CompletableFuture<SimulatedCaller> placed = new CompletableFuture<>();
    CallerListener listener = new CallerListener() {
      @Override
      public void answered(CallResult.Turn turn) {
        answered.complete(true);
      }
    };
    vertx.runOnContext(
        x -> placed.complete(new CarrierSimulator(vertx, "http://127.0.0.1:" + mediaPort, TOKEN)
            .place("+15005550010", "+15005550006", scenario, listener, false)));
    return placed.get(10, TimeUnit.SECONDS);
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(service.pid()))
        .start()
        .waitFor();
  }

  /** The status of the readiness probe; 0 while nobody answers. */
  private int ready() {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + "/health/ready"))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void await(java.util.function.BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(service.isAlive() && System.nanoTime() < end)
          .as(Files.readString(log().toPath()))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private File log() {
    return folder.resolve("serve.log").toFile();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
