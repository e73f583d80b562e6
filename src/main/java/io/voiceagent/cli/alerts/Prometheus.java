package io.voiceagent.cli.alerts;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Asks a running Prometheus. Blocking. */
final class Prometheus {
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final String base;

  Prometheus(int port) {
    base = "http://127.0.0.1:" + port;
  }

  boolean ready() {
    try {
      return get("/-/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** State by name of every alert that is pending or firing. */
  Map<String, String> alerts() throws IOException {
    Map<String, String> states = new HashMap<>();
    for (Object item : data("/api/v1/alerts").getJsonArray("alerts")) {
      JsonObject alert = (JsonObject) item;
      String name = alert.getJsonObject("labels").getString("alertname");
      // Of several instances of an alert the furthest counts.
      states.merge(name, alert.getString("state"), (a, b) -> a.equals("firing") ? a : b);
    }
    return states;
  }

  /** The result vector of an instant query. */
  JsonArray query(String expression) throws IOException {
    return data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .getJsonArray("result");
  }

  private JsonObject data(String path) throws IOException {
    JsonObject answer = new JsonObject(get(path).body());
    if (!"success".equals(answer.getString("status"))) {
      throw new IOException(path + ": " + answer.getString("error"));
    }
    return answer.getJsonObject("data");
  }

  private HttpResponse<String> get(String path) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(10))
        .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
