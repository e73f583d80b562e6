package io.voiceagent.stt.cartesia;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.resilience.Refusal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Cartesia's messages for transcription. Commands are bare words at one endpoint and JSON at the other. */
final class CartesiaSttCodec {
  static final String FINALIZE = "finalize";

  private CartesiaSttCodec() {}

  static String uri(CartesiaSttOptions options) {
    StringBuilder uri = new StringBuilder(options.url())
        .append(options.turns() ? "/stt/turns/websocket" : "/stt/websocket")
        .append("?model=")
        .append(encoded(options.model()))
        .append("&encoding=pcm_mulaw&sample_rate=8000&cartesia_version=")
        .append(encoded(options.version()));
    if (!options.turns()) {
      uri.append("&language=").append(encoded(options.language()));
    } else if (options.turnEndTimeoutMs() > 0) {
      uri.append("&turn_end_timeout_ms=").append(options.turnEndTimeoutMs());
    }
    return uri.toString();
  }

  static String close(boolean turns) {
    return turns ? "{\"type\":\"close\"}" : "close";
  }

  /** Never throws: what cannot be understood is a failure of the protocol. */
  static CartesiaSttEvent decode(String message) {
    try {
      JsonObject json = new JsonObject(message);
      return switch (string(json, "type")) {
        case "transcript" ->
          new CartesiaSttEvent.Transcript(
              Boolean.TRUE.equals(json.getValue("is_final")), string(json, "text"));
        case "flush_done" -> new CartesiaSttEvent.FlushDone();
        case "turn.start" -> new CartesiaSttEvent.TurnStart();
        case "turn.update" -> new CartesiaSttEvent.TurnUpdate(string(json, "transcript"));
        case "turn.eager_end" -> new CartesiaSttEvent.TurnEagerEnd(string(json, "transcript"));
        case "turn.resume" -> new CartesiaSttEvent.TurnResume();
        case "turn.end" -> new CartesiaSttEvent.TurnEnd(string(json, "transcript"));
        case "error" -> new CartesiaSttEvent.Failed(failure(json));
        default -> new CartesiaSttEvent.Ignored();
      };
    } catch (DecodeException | ClassCastException e) {
      return new CartesiaSttEvent.Failed(
          new Failure(Stage.STT, Kind.PROTOCOL, "Cartesia sent what cannot be understood"));
    }
  }

  /** {@code status_code}, in older versions {@code code}. */
  private static Failure failure(JsonObject json) {
    Object status = json.getValue("status_code", json.getValue("code"));
    return Refusal.of(
        Stage.STT,
        "Cartesia",
        status instanceof Number number ? number.intValue() : 500,
        string(json, "error_code"),
        0);
  }

  private static String string(JsonObject json, String name) {
    return json.getValue(name) instanceof String text ? text : "";
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
