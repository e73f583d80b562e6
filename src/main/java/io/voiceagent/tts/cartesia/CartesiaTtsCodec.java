package io.voiceagent.tts.cartesia;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.Failure.Stage;
import io.voiceagent.call.Word;
import io.voiceagent.resilience.Refusal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cartesia's messages for speech, as text. Every request of a context repeats all its fields unchanged; only the text and
 * whether more follows may differ.
 */
final class CartesiaTtsCodec {
  private static final String CHUNK = "{\"type\":\"chunk\",";
  private static final String DATA = "\"data\":\"";
  private static final String CONTEXT = "\"context_id\":\"";

  private final JsonObject fields;

  CartesiaTtsCodec(CartesiaTtsOptions options) {
    fields = new JsonObject()
        .put("model_id", options.model())
        .put("voice", voice(options))
        .put(
            "output_format",
            new JsonObject()
                .put("container", "raw")
                .put("encoding", "pcm_mulaw")
                .put("sample_rate", 8000))
        .put("language", options.language())
        .put("add_timestamps", true);
  }

  /** Until then a voice had a mode, since then the schema does not know one. */
  private static JsonObject voice(CartesiaTtsOptions options) {
    JsonObject voice = new JsonObject();
    if (options.version().compareTo("2026-08-14") < 0) {
      voice.put("mode", "id");
    }
    return voice.put("id", options.voice());
  }

  /** Text, with more to follow or not. Glued verbatim to what came before: bring your own space. */
  String speak(String context, String text, boolean more) {
    return request(context, text, more).encode();
  }

  /** Speak now what you have, and say when its audio is through. */
  String flush(String context) {
    return request(context, "", true).put("flush", true).encode();
  }

  String cancel(String context) {
    return new JsonObject().put("context_id", context).put("cancel", true).encode();
  }

  private JsonObject request(String context, String text, boolean more) {
    return new JsonObject()
        .put("context_id", context)
        .put("transcript", text)
        .put("continue", more)
        .mergeIn(fields);
  }

  /** Never throws: what cannot be understood is a failure of the protocol. */
  static CartesiaEvent decode(String message) {
    CartesiaEvent sound = message.startsWith(CHUNK) ? chunk(message) : null;
    return sound != null ? sound : decodeTree(message);
  }

  /** Sound is most of what comes: no tree is built for it. Null when it is not of the usual shape. */
  @SuppressWarnings("deprecation") // takes a part of a Latin-1 string without copying it first
  private static @Nullable CartesiaEvent chunk(String message) {
    int data = message.indexOf(DATA) + DATA.length();
    int dataEnd = message.indexOf('"', data);
    // Before the sound or behind it: no need to look for a key within it.
    int context = message.lastIndexOf(CONTEXT, data);
    context = (context < 0 ? message.indexOf(CONTEXT, dataEnd) : context) + CONTEXT.length();
    int contextEnd = message.indexOf('"', context);
    boolean found = data >= DATA.length() && context >= CONTEXT.length();
    if (!found || dataEnd < 0 || contextEnd < 0) {
      return null;
    }
    byte[] base64 = new byte[dataEnd - data];
    message.getBytes(data, dataEnd, base64, 0);
    try {
      byte[] audio = Base64.getDecoder().decode(base64);
      String id = message.substring(context, contextEnd);
      return id.indexOf('\\') < 0 ? new CartesiaEvent.Chunk(id, audio) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static CartesiaEvent decodeTree(String message) {
    String context = "";
    try {
      JsonObject json = new JsonObject(message);
      context = string(json, "context_id");
      return switch (string(json, "type")) {
        case "chunk" ->
          new CartesiaEvent.Chunk(context, Base64.getDecoder().decode(string(json, "data")));
        case "timestamps" ->
          new CartesiaEvent.Timestamps(context, words(json.getJsonObject("word_timestamps")));
        case "flush_done" ->
          new CartesiaEvent.FlushDone(
              context, json.getValue("flush_id") instanceof Number id ? id.intValue() : 0);
        case "done" -> new CartesiaEvent.Done(context);
        case "error" -> new CartesiaEvent.Failed(context, failure(json));
        default -> new CartesiaEvent.Unknown(context);
      };
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      return new CartesiaEvent.Failed(
          context,
          new Failure(Stage.TTS, Kind.PROTOCOL, "Cartesia sent what cannot be understood"));
    }
  }

  /** {@code status_code}, in older versions {@code code}. */
  private static Failure failure(JsonObject json) {
    Object status = json.getValue("status_code", json.getValue("code"));
    return Refusal.of(
        Stage.TTS,
        "Cartesia",
        status instanceof Number number ? number.intValue() : 500,
        string(json, "error_code"),
        0);
  }

  /** Timings only help: those that cannot be read are left out. */
  private static List<Word> words(@Nullable JsonObject timings) {
    if (timings == null
        || !(timings.getValue("words") instanceof JsonArray texts)
        || !(timings.getValue("start") instanceof JsonArray starts)
        || !(timings.getValue("end") instanceof JsonArray ends)) {
      return List.of();
    }
    int count = Math.min(texts.size(), Math.min(starts.size(), ends.size()));
    List<Word> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      if (texts.getValue(i) instanceof String text
          && starts.getValue(i) instanceof Number start
          && ends.getValue(i) instanceof Number end) {
        words.add(new Word(text, millis(start), millis(end)));
      }
    }
    return words;
  }

  private static int millis(Number seconds) {
    return (int) Math.round(seconds.doubleValue() * 1000);
  }

  private static String string(JsonObject json, String name) {
    return json.getValue(name) instanceof String text ? text : "";
  }
}
