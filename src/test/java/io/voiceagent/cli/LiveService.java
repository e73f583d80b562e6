package io.voiceagent.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.app.SettingsLoader;
import io.voiceagent.config.Settings;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CallerListener;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import io.voiceagent.sim.Simulators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The whole service with its simulators on free ports, and a carrier that calls it. */
final class LiveService implements AutoCloseable {
  static final String TOKEN = "test-auth-token";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final RunningService service;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final CarrierSimulator carrier;

  private LiveService(RunningService service, String token) {
    this.service = service;
    CompletableFuture<CarrierSimulator> made = new CompletableFuture<>();
    vertx.runOnContext(x -> made.complete(
        new CarrierSimulator(vertx, "http://127.0.0.1:" + service.agent().mediaPort(), token)));
    this.carrier = made.join();
  }

  static LiveService start(String... assignments) throws Exception {
    return new LiveService(await(RunningService.start(settings(assignments))), TOKEN);
  }

  static Settings settings(String... assignments) {
    List<String> all = new ArrayList<>(List.of(
        "simulator.enabled=true",
        "media.host=127.0.0.1",
        "media.port=0",
        "ops.host=127.0.0.1",
        "ops.port=0",
        "runtime.eventLoops=2",
        "telephony.twilio.accountSid=AC1",
        "telephony.twilio.authToken=" + TOKEN,
        "log.level=warn",
        "log.format=text"));
    all.addAll(List.of(assignments));
    return new SettingsLoader(Map.of()).load(List.of(), all);
  }

  SimulatedCaller place(Scenario scenario) {
    return place(scenario, CallerListener.NONE, false);
  }

  /** A caller whom somebody watches. */
  SimulatedCaller place(Scenario scenario, CallerListener listener) {
    return place(scenario, listener, false);
  }

  /** A caller who keeps what is heard. */
  SimulatedCaller record(Scenario scenario) {
    return place(scenario, CallerListener.NONE, true);
  }

  private SimulatedCaller place(Scenario scenario, CallerListener listener, boolean record) {
    CompletableFuture<SimulatedCaller> placed = new CompletableFuture<>();
    vertx.runOnContext(x ->
        placed.complete(carrier.place("+15005550010", "+15005550006", scenario, listener, record)));
    return placed.join();
  }

  CallResult call(Scenario scenario) throws Exception {
    return result(place(scenario));
  }

  static CallResult result(SimulatedCaller caller) throws Exception {
    return caller.result().await(60, TimeUnit.SECONDS);
  }

  Simulators simulators() {
    return Objects.requireNonNull(service.simulators());
  }

  RunningService service() {
    return service;
  }

  String mediaUrl() {
    return "http://127.0.0.1:" + service.agent().mediaPort();
  }

  String opsUrl() {
    return "http://127.0.0.1:" + service.agent().opsPort();
  }

  /** The sum of all series of a metric, of those that hold {@code labels}. */
  double metric(String name, String... labels) throws Exception {
    double sum = 0;
    for (String line : get(opsUrl() + "/metrics").split("\n")) {
      boolean series = line.startsWith(name + " ") || line.startsWith(name + "{");
      boolean wanted = true;
      for (String label : labels) {
        wanted &= line.contains(label);
      }
      if (series && wanted) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return sum;
  }

  static String get(String url) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Waits for something that must become true, two seconds at most: the time in which a call must be gone. */
  static boolean within2s(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (System.nanoTime() < until) {
      if (condition.getAsBoolean()) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return condition.getAsBoolean();
  }

  /** Nothing of any call is left at any provider. */
  boolean nothingLeft() {
    return simulators().stats().get("sttSocketsOpen") == 0
        && simulators().stats().get("llmOpen") == 0
        && simulators().stats().get("ttsContextsOpen") == 0
        && service.agent().calls() == 0;
  }

  /** What is left, for a message. */
  String leftovers() {
    return "stt " + simulators().stats().get("sttSocketsOpen")
        + ", llm " + simulators().stats().get("llmOpen")
        + ", tts " + simulators().stats().get("ttsContextsOpen")
        + ", calls " + service.agent().calls();
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(service.close());
    await(vertx.close());
  }
}
