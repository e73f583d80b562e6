package io.voiceagent.cli;

import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.voiceagent.telephony.TwilioSignature;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whoever may reach the public listener: with the carrier's signatures or without, polite or not. */
final class Stranger implements AutoCloseable {
  private static final String FRAME =
      "{\"event\":\"media\",\"sequenceNumber\":\"4\",\"streamSid\":\"MZ1\","
          + "\"media\":{\"track\":\"inbound\",\"chunk\":\"2\",\"timestamp\":\"20\",\"payload\":\""
          + "/".repeat(213) + "w==\"}}";

  private final String base;
  private final String signedFor;
  private final Vertx vertx = Vertx.vertx();
  private final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
      .setMaxConnections(1000)
      .setMaxFrameSize(1 << 22)
      .setMaxMessageSize(1 << 22));
  private final HttpClient http = HttpClient.newHttpClient();
  private final TwilioSignature signature;

  Stranger(String base, String authToken) {
    this(base, base, authToken);
  }

  /** @param signedFor what the carrier calls, when that is not the node itself */
  Stranger(String base, String signedFor, String authToken) {
    this.base = base;
    this.signedFor = signedFor;
    this.signature = new TwilioSignature(authToken);
  }

  HttpResponse<String> post(String path, boolean signed, String... fields) throws Exception {
    StringBuilder form = new StringBuilder();
    List<Map.Entry<String, String>> entries = new java.util.ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      entries.add(Map.entry(fields[i], fields[i + 1]));
      form.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form.toString()));
    if (signed) {
      request.header("X-Twilio-Signature", signature.sign(signedFor + path, entries));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The stream token that the webhook gives a new call. */
  String token(String callSid) throws Exception {
    String twiml =
        post("/twilio/voice", true, "CallSid", callSid, "From", "+15005550010").body();
    Matcher token = Pattern.compile("name=\"token\" value=\"([^\"]+)\"").matcher(twiml);
    if (!token.find()) {
      throw new AssertionError("no token in " + twiml);
    }
    return token.group(1);
  }

  /** The status of the upgrade: 101 when it was granted. */
  int knock(boolean signed) throws Exception {
    try {
      WebSocket socket = open(signed);
      socket.close();
      return 101;
    } catch (UpgradeRejectedException e) {
      return e.getStatus();
    }
  }

  WebSocket open(boolean signed) throws Exception {
    String url = "ws" + base.substring(4) + "/twilio/media";
    WebSocketConnectOptions options = new WebSocketConnectOptions().setAbsoluteURI(url);
    if (signed) {
      options.putHeader("X-Twilio-Signature", signature.sign(url, List.of()));
    }
    return LiveService.await(sockets.connect(options));
  }

  /** A media socket that has said which call it is. */
  WebSocket start(String callSid, String token) throws Exception {
    WebSocket socket = open(true);
    socket.writeTextMessage(startMessage(callSid, token));
    return socket;
  }

  static String startMessage(String callSid, String token) {
    return new JsonObject()
        .put("event", "start")
        .put(
            "start",
            new JsonObject()
                .put("callSid", callSid)
                .put("streamSid", "MZ1")
                .put("customParameters", new JsonObject().put("token", token)))
        .encode();
  }

  /** The code with which the service closes it; -1: not within ten seconds. */
  static CompletableFuture<Integer> closed(WebSocket socket) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    socket.exceptionHandler(cause -> {});
    socket.closeHandler(x ->
        code.complete(socket.closeStatusCode() == null ? 1006 : (int) socket.closeStatusCode()));
    if (socket.isClosed()) {
      code.complete(socket.closeStatusCode() == null ? 1006 : (int) socket.closeStatusCode());
    }
    return code.completeOnTimeout(-1, 10, TimeUnit.SECONDS);
  }

  /** 20 ms of silence, so many times, as fast as it goes. */
  static void flood(WebSocket socket, int frames) {
    for (int i = 0; i < frames && !socket.isClosed(); i++) {
      socket.writeTextMessage(FRAME);
    }
  }

  @Override
  public void close() throws Exception {
    LiveService.await(vertx.close());
  }
}
