package io.voiceagent.cli.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where Alertmanager delivers: remembers when each alert was first reported as firing, and as resolved after that. */
final class AlertReceiver implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Long> firing = new ConcurrentHashMap<>();
  private final Map<String, Long> resolved = new ConcurrentHashMap<>();

  AlertReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
  }

  /** {@link System#nanoTime()} of the delivery, or null. */
  @Nullable
  Long firedAt(String alert) {
    return firing.get(alert);
  }

  @Nullable
  Long resolvedAt(String alert) {
    return resolved.get(alert);
  }

  boolean heardNothing() {
    return firing.isEmpty();
  }

  String heard() {
    return String.join(", ", firing.keySet());
  }

  void forget() {
    firing.clear();
    resolved.clear();
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
    long now = System.nanoTime();
    for (Object item : new JsonObject(body).getJsonArray("alerts")) {
      JsonObject alert = (JsonObject) item;
      String name = alert.getJsonObject("labels").getString("alertname");
      if (alert.getString("status").equals("firing")) {
        firing.putIfAbsent(name, now);
      } else if (firing.containsKey(name)) {
        resolved.putIfAbsent(name, now);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
