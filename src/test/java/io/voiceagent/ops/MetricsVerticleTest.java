package io.voiceagent.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo.Direction;
import io.voiceagent.call.CallQuestion.CallList;
import io.voiceagent.call.CallQuestion.EndCall;
import io.voiceagent.call.CallQuestion.FindCall;
import io.voiceagent.call.CallView;
import io.voiceagent.call.CallView.TurnView;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.metrics.Telemetry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsVerticleTest {
  private static final StageAddress HERE = new StageAddress("local", Stage.CONVERSATION, 0);
  private static final StageAddress THERE = new StageAddress("other", Stage.CONVERSATION, 1);
  private static final String TOKEN = "t0k3n";

  private final HttpClient http = HttpClient.newHttpClient();
  private final FakeBus bus = new FakeBus();
  private final Telemetry telemetry = new Telemetry();
  private final List<String> notReady = new ArrayList<>();
  private final List<String> dialled = new ArrayList<>();
  private volatile boolean draining;
  private volatile long silenceMs;
  private volatile Future<CallId> dialAnswer = Future.succeededFuture(new CallId("CA9"));
  private Vertx vertx;
  private int port;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.builder().withMetrics(telemetry.factory()).build();
    bus.answers.put(HERE, question -> new CallList(List.of()));
    bus.answers.put(THERE, question -> new CallList(List.of()));
    port = deploy(TOKEN);
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    telemetry.close();
  }

  @Test
  void metricsNeedNoToken() throws Exception {
    HttpResponse<String> response =
        http.send(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body()).contains("\ntime_to_first_audio_ms_count 0\n");
  }

  @Test
  void openMetricsIsGivenToWhoAsksForIt() throws Exception {
    HttpResponse<String> response = http.send(
        HttpRequest.newBuilder(uri("/metrics"))
            .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
            .build(),
        BodyHandlers.ofString());

    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(response.body()).endsWith("# EOF\n");
  }

  @Test
  void vertxCountsItsRequestsWithoutPathsAndMethods() throws Exception {
    get("/nothing/" + UUID.randomUUID());

    String text = get("/metrics").body();

    assertThat(text).contains("vertx_http_server_requests_total{code=\"404\"} 1.0");
    assertThat(text.lines().filter(line -> line.startsWith("vertx_"))).allSatisfy(line -> {
      assertThat(line).doesNotContain("method=", "path=", "route=", "local=", "remote=");
    });
  }

  @Test
  void healthSaysWhy() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    notReady.add("no connection to the voice");
    draining = true;
    HttpResponse<String> ready = get("/health/ready");

    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(ready.body()).getJsonArray("reasons").getList())
        .isEqualTo(List.of("draining", "no connection to the voice"));
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aStuckEventLoopIsNotLive() throws Exception {
    silenceMs = 20_000;

    assertThat(get("/health/live").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void theApiWantsItsToken() throws Exception {
    assertThat(send("GET", "/api/calls", "", "Authorization", "Bearer wrong").statusCode())
        .isEqualTo(401);
    assertThat(send("GET", "/api/calls", "", "Authorization", TOKEN).statusCode())
        .isEqualTo(401);
    assertThat(send("GET", "/api/calls", "", "X-Nothing", "1").statusCode()).isEqualTo(401);
    assertThat(get("/api/calls").statusCode()).isEqualTo(200);
  }

  @Test
  void withoutATokenOnlyProgramsOfThisMachineAreServed() throws Exception {
    port = deploy("");

    assertThat(send("GET", "/api/calls", "", "X-Nothing", "1").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/api/calls", "", "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(send("GET", "/api/calls", "", "X-Forwarded-For", "203.0.113.9").statusCode())
        .isEqualTo(403);
  }

  @Test
  void callsOfEveryNodeAreListedWithTheirStages() throws Exception {
    bus.answers.put(HERE, question -> new CallList(List.of(call("CA1", "local"))));
    bus.answers.put(THERE, question -> new CallList(List.of(call("CA2", "other"))));

    JsonObject body = new JsonObject(get("/api/calls").body());

    assertThat(body.getInteger("count")).isEqualTo(2);
    assertThat(body.encode())
        .contains("\"callSid\":\"CA1\"", "\"callSid\":\"CA2\"", "\"customer\":\"**********67\"")
        .contains("\"stagesMs\":{\"endpointing\":200.0,\"residual\":1.5}");
  }

  @Test
  void aNodeThatDoesNotAnswerIsNamed() throws Exception {
    bus.answers.remove(THERE);

    JsonObject body = new JsonObject(get("/api/calls").body());

    assertThat(body.getJsonArray("unreachable").getList()).isEqualTo(List.of("other/1"));
    assertThat(get("/api/calls/CA1").statusCode()).isEqualTo(504);
  }

  @Test
  void oneCallIsFoundWhereverItRuns() throws Exception {
    bus.answers.put(
        THERE,
        question -> question.equals(new FindCall(new CallId("CA2")))
            ? new CallList(List.of(call("CA2", "other")))
            : new CallList(List.of()));

    assertThat(new JsonObject(get("/api/calls/CA2").body()).getString("node")).isEqualTo("other");
    assertThat(get("/api/calls/CA3").statusCode()).isEqualTo(404);
    assertThat(get("/api/calls/CA%3Cscript%3E").statusCode()).isEqualTo(400);
  }

  @Test
  void deletingACallEndsItAsTheOperator() throws Exception {
    List<Object> asked = new ArrayList<>();
    bus.answers.put(HERE, question -> {
      asked.add(question);
      return new CallList(List.of(call("CA1", "local")));
    });

    assertThat(api("DELETE", "/api/calls/CA1", "").statusCode()).isEqualTo(202);
    assertThat(asked).containsExactly(new EndCall(new CallId("CA1"), EndReason.OPERATOR));
  }

  @Test
  void dialsOut() throws Exception {
    HttpResponse<String> response = api("POST", "/api/calls", "{\"to\":\"+15551234567\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("Location")).hasValue("/api/calls/CA9");
    assertThat(dialled).containsExactly("+15551234567");
  }

  @Test
  void dialsNothingThatIsNotANumber() throws Exception {
    for (String body : List.of("", "{", "[]", "{\"to\":5}", "{\"to\":\"+1; drop\"}", "null")) {
      assertThat(api("POST", "/api/calls", body).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(api("POST", "/api/calls", "x".repeat(5000)).statusCode()).isEqualTo(413);
    assertThat(dialled).isEmpty();
  }

  @Test
  void aFailedDialSaysWhoseFaultItIs() throws Exception {
    String body = "{\"to\":\"+15551234567\"}";
    dialAnswer = Future.failedFuture(new FailureException(
        new Failure(Failure.Stage.CARRIER, Failure.Kind.RATE_LIMIT, "slow down", 1500)));
    HttpResponse<String> limited = api("POST", "/api/calls", body);
    assertThat(limited.statusCode()).isEqualTo(503);
    assertThat(limited.headers().firstValue("Retry-After")).hasValue("2");

    dialAnswer = Future.failedFuture(new IllegalStateException("no carrier account configured"));
    assertThat(api("POST", "/api/calls", body).statusCode()).isEqualTo(409);

    draining = true;
    assertThat(api("POST", "/api/calls", body).statusCode()).isEqualTo(503);
  }

  @Test
  void drainIsSwitchedOnAndOff() throws Exception {
    assertThat(api("POST", "/api/drain", "").body()).contains("\"draining\":true");
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(api("DELETE", "/api/drain", "").body()).contains("\"draining\":false");
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void whatDoesNotExistIsSaidInJson() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").body()).contains("\"error\"");
    assertThat(get("/api/nothing").statusCode()).isEqualTo(404);
    assertThat(api("PUT", "/api/drain", "").statusCode()).isEqualTo(405);
  }

  private int deploy(String token) throws Exception {
    OpsPorts ports = new OpsPorts(
        () -> List.of(HERE, THERE),
        number -> {
          dialled.add(number);
          return dialAnswer;
        },
        () -> draining,
        wish -> draining = wish,
        () -> notReady,
        () -> silenceMs);
    MetricsVerticle verticle =
        new MetricsVerticle(new OpsOptions("127.0.0.1", 0, token), ports, telemetry, bus);
    await(vertx.deployVerticle(verticle));
    return verticle.port();
  }

  private static CallView call(String id, String node) {
    TurnView turn =
        new TurnView(1, "answered", 801.54, Map.of("residual", 1.51, "endpointing", 200.0));
    return new CallView(
        new CallId(id),
        Direction.INBOUND,
        "**********67",
        node,
        5000,
        "speaking",
        1,
        List.of(turn));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return api("GET", path, "");
  }

  private HttpResponse<String> api(String method, String path, String body) throws Exception {
    return send(method, path, body, "Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<String> send(
      String method, String path, String body, String header, String value) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path))
            .method(method, BodyPublishers.ofString(body))
            .header(header, value)
            .build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
