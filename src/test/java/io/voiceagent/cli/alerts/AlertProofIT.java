package io.voiceagent.cli.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnTimeline;
import io.voiceagent.cli.alerts.AlertProof.Fault;
import io.voiceagent.metrics.Telemetry;
import io.voiceagent.metrics.VoiceMeters;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped rules in a real Prometheus, delivered by a real Alertmanager, raised by real meters. */
class AlertProofIT {
  private static final double FACTOR = 150;

  @TempDir
  Path folder;

  private final Telemetry telemetry = new Telemetry();
  private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor();
  private @Nullable ScheduledFuture<?> wrong;

  @BeforeAll
  static void programsAreThere() {
    boolean there = true;
    try {
      MonitoringStack.find("prometheus");
      MonitoringStack.find("prometheus-alertmanager", "alertmanager");
    } catch (IOException missing) {
      there = false;
    }
    if (System.getenv("VOICE_AGENT_TOOLS_REQUIRED") != null) {
      assertThat(there).isTrue();
    }
    assumeTrue(there, "prometheus and alertmanager are not installed");
  }

  @Test
  void r48_anAlertReachesTheReceiverIsTakenBackAndIsSilentBefore() throws Exception {
    HttpServer metrics = metrics();
    StringWriter printed = new StringWriter();
    try (AlertReceiver receiver = new AlertReceiver();
        MonitoringStack stack = MonitoringStack.start(
            folder,
            List.of("127.0.0.1:" + metrics.getAddress().getPort()),
            Path.of("monitoring/prometheus/alerts.yml"),
            FACTOR,
            receiver.url())) {
      AlertProof proof =
          new AlertProof(stack.prometheus(), receiver, new PrintWriter(printed, true));
      awaitReady(stack.prometheus());

      boolean silent = proof.silentFor(Duration.ofSeconds(2));
      boolean proven = proof.prove(
          List.of(new Fault(
              "rate limits",
              List.of("CartesiaTTSRateLimitHigh", "CartesiaTTSRateLimitCritical"),
              () -> wrong = background.scheduleAtFixedRate(
                  telemetry.meters().ttsRateLimits::increment, 0, 100, TimeUnit.MILLISECONDS),
              this::stop)),
          Duration.ofSeconds(20));
      proof.print();

      assertThat(silent).isTrue();
      assertThat(proven).as(printed.toString()).isTrue();
      assertThat(printed.toString()).doesNotContain("FAILED");
    } finally {
      metrics.stop(0);
      background.shutdownNow();
      telemetry.close();
    }
  }

  @Test
  void everyPanelOfTheDashboardsHasDataOnceThereWasTraffic() throws Exception {
    Vertx vertx = Vertx.builder().withMetrics(telemetry.factory()).build();
    HttpServer metrics = metrics();
    background.scheduleAtFixedRate(this::traffic, 0, 20, TimeUnit.MILLISECONDS);
    try (AlertReceiver receiver = new AlertReceiver();
        MonitoringStack stack = MonitoringStack.start(
            folder,
            List.of("127.0.0.1:" + metrics.getAddress().getPort()),
            Path.of("monitoring/prometheus/alerts.yml"),
            FACTOR,
            receiver.url())) {
      DashboardQueries queries = new DashboardQueries("2s");
      Path dashboards = Path.of("monitoring/grafana/dashboards");
      awaitReady(stack.prometheus());
      List<String> problems =
          queries.problemsWithin(Duration.ofSeconds(10), dashboards, stack.prometheus());

      assertThat(problems).isEmpty();
    } finally {
      vertx.close();
      metrics.stop(0);
      background.shutdownNow();
      telemetry.close();
    }
  }

  /** One of everything that a dashboard shows a distribution of. */
  private void traffic() {
    VoiceMeters meters = telemetry.meters();
    long ms = 1_000_000;
    meters.callsLimit(() -> 10);
    meters.firstAudio(new TurnTimeline(
        new TurnId(1),
        0,
        200 * ms,
        260 * ms,
        260 * ms,
        900 * ms,
        200 * ms,
        60 * ms,
        300 * ms,
        100 * ms,
        200 * ms,
        20 * ms));
    meters.turnLatency.record(3000);
    meters.bargeInReaction.record(150);
    meters.loopLag.record(0.4);
    meters.frameAge.record(0.2);
    meters.providers.firstByte("openai", 300 * ms);
  }

  private void stop() {
    if (wrong != null) {
      wrong.cancel(false);
    }
  }

  private HttpServer metrics() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/metrics", exchange -> {
      byte[] text = telemetry.scrape(Telemetry.PROMETHEUS_TEXT).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", Telemetry.PROMETHEUS_TEXT);
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
      exchange.close();
    });
    server.start();
    return server;
  }

  private static void awaitReady(Prometheus prometheus) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!prometheus.ready() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    assertThat(prometheus.ready()).isTrue();
  }
}
