package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.call.Clock;
import io.voiceagent.config.Settings;
import io.voiceagent.metrics.VoiceMeters;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The listener alone: no conversation, no transcriber, nobody who would end a call. */
class CallCapTest {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  /** Held here: one that nobody refers to is collected, and closes its sockets. */
  private final WebSocketClient sockets = vertx.createWebSocketClient();

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void r6_aCallEndsAtItsLimitThoughNobodyRunsIt() throws Exception {
    HttpServer rest = vertx
        .createHttpServer()
        .requestHandler(request -> {
          asked.add(request.path());
          request.response().end("{}");
        })
        .listen(0, "127.0.0.1")
        .await(10, TimeUnit.SECONDS);
    MediaOptions options = MediaOptions.from(Settings.of(Map.of(
        "media.host", "127.0.0.1",
        "media.port", "0",
        "limits.maxCallDuration", "1s",
        "telephony.twilio.validateSignatures", "false",
        "telephony.twilio.accountSid", "AC1",
        "telephony.twilio.authToken", "secret",
        "telephony.twilio.baseUrl", "http://127.0.0.1:" + rest.actualPort())));
    VoiceMeters meters = new VoiceMeters(new SimpleMeterRegistry());
    MediaVerticle media = new MediaVerticle(
        new MediaNode(vertx, options, meters, Clock.SYSTEM),
        new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE));
    vertx.deployVerticle(media).await(10, TimeUnit.SECONDS);
    String base = "http://127.0.0.1:" + media.port();
    String twiMl = post(base + "/twilio/voice");

    Promise<Void> closed = Promise.promise();
    WebSocket socket = sockets
        .connect(new io.vertx.core.http.WebSocketConnectOptions()
            .setAbsoluteURI(found("url=\"([^\"]+)\"", twiMl)))
        .await(10, TimeUnit.SECONDS);
    socket.closeHandler(closed::tryComplete);
    long began = System.nanoTime();
    socket.writeTextMessage(new JsonObject()
        .put("event", "start")
        .put("streamSid", "MZ1")
        .put(
            "start",
            new JsonObject()
                .put("callSid", "CA1")
                .put("streamSid", "MZ1")
                .put(
                    "mediaFormat",
                    new JsonObject()
                        .put("encoding", "audio/x-mulaw")
                        .put("sampleRate", 8000)
                        .put("channels", 1))
                .put(
                    "customParameters",
                    new JsonObject()
                        .put("token", found("name=\"token\" value=\"([^\"]+)\"", twiMl))))
        .encode());
    closed.future().await(60, TimeUnit.SECONDS);

    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    // At leisure it is the limit and 0.4 to 0.6 s; the rest is for machines that are busy.
    assertThat(tookMs).isBetween(1000L, 20_000L);
    assertThat(meters
            .registry()
            .get("calls_ended")
            .tag("reason", "max_duration")
            .counter()
            .count())
        .isEqualTo(1);
    assertThat(post(found("action=\"([^\"]+)\"", twiMl)))
        .as("what follows the stream")
        .contains("<Hangup");
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (asked.isEmpty() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(asked).singleElement().asString().contains("/Calls/CA1.json");
  }

  private static String post(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url.replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                    "CallSid=CA1&From=%2B1555&To=%2B1666&CallStatus=in-progress"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
    return matcher.group(1);
  }
}
