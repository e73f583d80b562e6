package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.OnEveryLoop;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder.HangUp;
import io.voiceagent.call.CallOrder.OpenCall;
import io.voiceagent.call.Clock;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.cluster.Placement;
import io.voiceagent.config.Settings;
import io.voiceagent.conversation.ConversationNode;
import io.voiceagent.conversation.ConversationVerticle;
import io.voiceagent.conversation.Journals;
import io.voiceagent.metrics.Telemetry;
import io.voiceagent.turn.TurnOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The calls API asking real conversations over the real bus. */
class OpsOnTheBusTest {
  private static final List<StageAddress> LOOPS = List.of(
      new StageAddress("local", Stage.CONVERSATION, 0),
      new StageAddress("local", Stage.CONVERSATION, 1));

  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<EndReason> hungUp = new CompletableFuture<>();

  @Test
  void aRunningCallIsListedMaskedAndEndedWhereItRuns() throws Exception {
    Telemetry telemetry = new Telemetry();
    Vertx vertx = Vertx.builder()
        .with(new VertxOptions().setEventLoopPoolSize(2))
        .withMetrics(telemetry.factory())
        .build();
    try {
      Bus bus = new LocalBus(vertx, BusOptions.DEFAULTS, new StreamMeters(telemetry.meters()));
      ConversationNode node = new ConversationNode(
          TurnOptions.from(Settings.of(Map.of("agent.greeting", ""))),
          telemetry.meters(),
          Clock.SYSTEM,
          Placement.LOCAL,
          List::of,
          Journals.NONE);
      await(OnEveryLoop.deploy(vertx, 2, () -> new ConversationVerticle(node, bus)));
      Carrier carrier = new Carrier(bus);
      await(vertx.deployVerticle(carrier));
      OpsPorts ports = new OpsPorts(
          () -> LOOPS,
          number -> Future.failedFuture("no"),
          () -> false,
          on -> {},
          List::of,
          () -> 0);
      MetricsVerticle ops =
          new MetricsVerticle(new OpsOptions("127.0.0.1", 0, ""), ports, telemetry, bus);
      await(vertx.deployVerticle(ops));
      carrier.open(LOOPS.get(1), "CA77", "+15551234567");

      JsonObject listed = get(ops.port(), "/api/calls");

      assertThat(listed.getInteger("count")).isEqualTo(1);
      assertThat(listed.getJsonArray("calls").getJsonObject(0).getString("callSid"))
          .isEqualTo("CA77");
      assertThat(listed.encode()).doesNotContain("unreachable", "5551234567");
      assertThat(delete(ops.port(), "/api/calls/CA77")).isEqualTo(202);
      assertThat(hungUp.get(5, TimeUnit.SECONDS)).isEqualTo(EndReason.OPERATOR);
      assertThat(delete(ops.port(), "/api/calls/CA78")).isEqualTo(404);
    } finally {
      await(vertx.close());
      telemetry.close();
    }
  }

  private JsonObject get(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return new JsonObject(
        http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
  }

  private int delete(int port, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(HttpRequest.newBuilder(uri).DELETE().build(), BodyHandlers.ofString())
        .statusCode();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Stands for the media stage: opens a call and hears the order to end it. */
  private final class Carrier extends VerticleBase {
    private final Bus bus;
    private final Promise<Mailbox> bound = Promise.promise();

    Carrier(Bus bus) {
      this.bus = bus;
    }

    @Override
    public Future<?> start() {
      Mailbox mailbox = bus.bind(Stage.MEDIA);
      mailbox.on(HangUp.class, (call, order) -> hungUp.complete(order.reason()));
      bound.complete(mailbox);
      return bound.future();
    }

    void open(StageAddress conversation, String sid, String customer) {
      CallInfo info = new CallInfo(
          new CallId(sid), "MZ1", CallInfo.Direction.INBOUND, customer, "+15550000000");
      context.runOnContext(go -> {
        Mailbox mailbox = bound.future().result();
        mailbox.tell(
            conversation, info.id(), new OpenCall(info, mailbox.self(), System.nanoTime()));
      });
    }
  }
}
