package io.voiceagent.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Stands between the service and the voice's provider and keeps the sound of each context as the provider sent it. */
final class VoiceTap {
  private static final int LARGEST = 1 << 20;

  private final HttpServer server;
  private final WebSocketClient client;
  private final int target;
  private final Map<String, ByteArrayOutputStream> contexts = new LinkedHashMap<>();

  private VoiceTap(Vertx vertx, int target) {
    this.target = target;
    this.server = vertx.createHttpServer(new HttpServerOptions()
        .setMaxWebSocketFrameSize(LARGEST)
        .setMaxWebSocketMessageSize(LARGEST));
    this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
        .setMaxConnections(1000)
        .setMaxFrameSize(LARGEST)
        .setMaxMessageSize(LARGEST));
  }

  /** @param target port of the provider on this machine */
  static Future<VoiceTap> start(Vertx vertx, int target) {
    VoiceTap tap = new VoiceTap(vertx, target);
    return tap.server.webSocketHandler(tap::connected).listen(0, "127.0.0.1").map(tap);
  }

  int port() {
    return server.actualPort();
  }

  /** What the provider sent so far, by context. */
  synchronized Map<String, byte[]> sound() {
    Map<String, byte[]> copy = new LinkedHashMap<>();
    contexts.forEach((context, bytes) -> copy.put(context, bytes.toByteArray()));
    return copy;
  }

  private void connected(ServerWebSocket near) {
    near.pause();
    WebSocketConnectOptions to =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(target).setURI(near.uri());
    near.headers().forEach((name, value) -> {
      if (name.equalsIgnoreCase("X-API-Key") || name.equalsIgnoreCase("Cartesia-Version")) {
        to.putHeader(name, value);
      }
    });
    client.connect(to).onFailure(x -> near.close()).onSuccess(far -> join(near, far));
  }

  private void join(ServerWebSocket near, WebSocket far) {
    near.textMessageHandler(far::writeTextMessage);
    far.textMessageHandler(message -> {
      keep(new JsonObject(message));
      near.writeTextMessage(message);
    });
    near.closeHandler(x -> far.close());
    far.closeHandler(x -> near.close());
    near.resume();
  }

  private synchronized void keep(JsonObject event) {
    if ("chunk".equals(event.getString("type"))) {
      contexts
          .computeIfAbsent(event.getString("context_id"), id -> new ByteArrayOutputStream())
          .writeBytes(Base64.getDecoder().decode(event.getString("data")));
    }
  }
}
