package io.voiceagent.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;

/** Asks a service's ops listener; for commands, which may wait. The token is {@code OPS_TOKEN} of the environment. */
final class OpsClient {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private OpsClient() {}

  /** The answer, or an empty object when there is none. */
  static JsonObject get(String url) throws InterruptedException {
    try {
      return send(request(url).GET().build());
    } catch (StartException e) {
      return new JsonObject();
    }
  }

  static JsonObject post(String url, JsonObject body) throws InterruptedException {
    return send(request(url)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
        .build());
  }

  private static HttpRequest.Builder request(String url) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    String token = Objects.requireNonNullElse(System.getenv("OPS_TOKEN"), "");
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static JsonObject send(HttpRequest request) throws InterruptedException {
    try {
      String body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return body.isBlank() ? new JsonObject() : new JsonObject(body);
    } catch (IOException | RuntimeException e) {
      throw new StartException("cannot ask " + request.uri() + ": " + e, e);
    }
  }
}
