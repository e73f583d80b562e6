package io.voiceagent.sim;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.util.Objects;

/**
 * Cartesia's host: the handshakes of its sockets.
 *
 * <p>The fault {@code upgrade} of {@code stt} or {@code tts} answers the handshake with a status.
 */
final class CartesiaSimulator {
  private final SimulatorCore core;
  private final SttSimulator stt;
  private final TtsSimulator tts;

  CartesiaSimulator(SimulatorCore core) {
    this.core = core;
    this.stt = new SttSimulator(core);
    this.tts = new TtsSimulator(core);
  }

  void handshake(ServerWebSocketHandshake handshake) {
    String query = Objects.requireNonNullElse(handshake.query(), "");
    String key = Objects.requireNonNullElse(
        handshake.headers().get("X-API-Key"),
        Objects.requireNonNullElse(handshake.headers().get("Authorization"), "")
            .replaceFirst("^Bearer ?", ""));
    boolean version =
        handshake.headers().contains("Cartesia-Version") || query.contains("cartesia_version=");
    boolean speech = handshake.path().startsWith("/tts/");
    Faults.Fault fault = core.faults().take(speech ? "tts" : "stt", "upgrade");
    if (fault != null) {
      handshake.reject(fault.status());
    } else if (SimulatorCore.refused(key.isEmpty() && query.contains("api_key=") ? "query" : key)) {
      handshake.reject(401);
    } else if (!version
        || handshake.path().startsWith("/stt/")
            && !(query.contains("encoding=pcm_mulaw")
                && query.contains("sample_rate=8000")
                && query.contains("model="))) {
      handshake.reject(400);
    } else {
      handshake.accept();
    }
  }

  void connected(ServerWebSocket socket) {
    switch (socket.path()) {
      case "/stt/websocket" -> stt.connected(socket, false);
      case "/stt/turns/websocket" -> stt.connected(socket, true);
      case "/tts/websocket" -> tts.connected(socket);
      default -> socket.close((short) 1008);
    }
  }
}
