package io.voiceagent.cli.alerts;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Carriers that open a call's stream and then send nothing: no frame, no stop, no close. */
final class SilentCarriers {
  private static final Pattern STREAM = Pattern.compile("<Stream url=\"([^\"]+)\"");
  private static final Pattern PARAMETER =
      Pattern.compile("<Parameter name=\"([^\"]+)\" value=\"([^\"]*)\"");
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final HttpClient http =
      HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final List<WebSocket> sockets = new ArrayList<>();
  private final String url;

  SilentCarriers(String url) {
    this.url = url;
  }

  void begin(int calls) throws IOException {
    for (int i = 0; i < calls; i++) {
      begin(String.format("CA%032x", System.nanoTime()));
    }
  }

  /** Breaks all lines. */
  void end() {
    sockets.forEach(WebSocket::abort);
    sockets.clear();
  }

  private void begin(String sid) throws IOException {
    String twiMl = webhook("CallSid=" + sid + "&CallStatus=ringing&Direction=inbound"
        + "&From=%2B15550002000&To=%2B15550000000");
    Matcher stream = STREAM.matcher(twiMl);
    if (!stream.find()) {
      throw new IOException("no stream is offered: " + twiMl);
    }
    JsonObject parameters = new JsonObject();
    PARAMETER
        .matcher(twiMl)
        .results()
        .forEach(found -> parameters.put(found.group(1), text(found.group(2))));
    try {
      WebSocket socket = http.newWebSocketBuilder()
          .connectTimeout(LIMIT)
          .buildAsync(URI.create(text(stream.group(1))), new WebSocket.Listener() {})
          .join();
      sockets.add(socket);
      socket
          .sendText("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}", true)
          .thenCompose(sent -> socket.sendText(start(sid, parameters), true))
          .join();
    } catch (CompletionException e) {
      throw new IOException("a silent carrier could not connect: " + e.getCause(), e);
    }
  }

  private static String start(String sid, JsonObject parameters) {
    String stream = "MZ" + sid.substring(2);
    JsonObject format = new JsonObject()
        .put("encoding", "audio/x-mulaw")
        .put("sampleRate", 8000)
        .put("channels", 1);
    return new JsonObject()
        .put("event", "start")
        .put("sequenceNumber", "1")
        .put("streamSid", stream)
        .put(
            "start",
            new JsonObject()
                .put("accountSid", "AC0")
                .put("callSid", sid)
                .put("streamSid", stream)
                .put("tracks", new JsonArray().add("inbound"))
                .put("mediaFormat", format)
                .put("customParameters", parameters))
        .encode();
  }

  private String webhook(String form) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/twilio/voice"))
        .timeout(LIMIT)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form))
        .build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String text(String xml) {
    return xml.replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }
}
