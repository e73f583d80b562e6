package io.voiceagent.sim;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what the service sends on a Media Streams socket, as strictly as the carrier: exactly the documented fields, the
 * right stream, text frames only. The carrier merely warns (31950, 31951); here every such message is reported.
 */
final class StreamReader {
  /** What the service may ask of the carrier. */
  interface Listener {
    void media(byte[] mulaw);

    void mark(String name);

    void clear();

    /** A message that the carrier would warn about. */
    void warning(String problem);
  }

  private static final Set<String> MEDIA_KEYS = Set.of("event", "streamSid", "media");
  private static final Set<String> MARK_KEYS = Set.of("event", "streamSid", "mark");
  private static final Set<String> CLEAR_KEYS = Set.of("event", "streamSid");
  private static final Pattern STREAM_SID = Pattern.compile("MZ[0-9a-f]{32}");

  private final String streamSid;
  private final String usualHead;
  private final Listener listener;

  StreamReader(String streamSid, Listener listener) {
    if (!STREAM_SID.matcher(streamSid).matches()) {
      throw new IllegalArgumentException("not a stream SID: " + streamSid);
    }
    this.streamSid = streamSid;
    this.usualHead =
        "{\"event\":\"media\",\"streamSid\":\"" + streamSid + "\",\"media\":{\"payload\":\"";
    this.listener = listener;
  }

  void text(String message) {
    int end = message.length() - 3;
    // Nearly every message has this very shape: no tree is built for it. Anything else is looked at
    // closely.
    if (message.startsWith(usualHead)
        && message.endsWith("\"}}")
        && message.indexOf('"', usualHead.length()) == end) {
      payload(message, usualHead.length(), end);
    } else {
      closely(message);
    }
  }

  void binary() {
    listener.warning("31950: a binary frame");
  }

  private void closely(String message) {
    try {
      JsonObject json = new JsonObject(message);
      Object event = json.getValue("event");
      if (!streamSid.equals(json.getValue("streamSid"))) {
        listener.warning("31951: the streamSid is missing or another's");
      } else if ("media".equals(event)
          && fits(json, MEDIA_KEYS, "media", "payload")
          && json.getJsonObject("media").getValue("payload") instanceof String payload) {
        payload(payload, 0, payload.length());
      } else if ("mark".equals(event)
          && fits(json, MARK_KEYS, "mark", "name")
          && json.getJsonObject("mark").getValue("name") instanceof String name) {
        listener.mark(name);
      } else if ("clear".equals(event) && json.fieldNames().equals(CLEAR_KEYS)) {
        listener.clear();
      } else {
        listener.warning("31951: unknown event, missing field or extra field");
      }
    } catch (DecodeException e) {
      listener.warning("31951: not JSON");
    }
  }

  private static boolean fits(JsonObject json, Set<String> keys, String body, String field) {
    return json.fieldNames().equals(keys)
        && json.getValue(body) instanceof JsonObject inner
        && inner.fieldNames().equals(Set.of(field));
  }

  @SuppressWarnings(
      "deprecation") // the one way to take a part of a Latin-1 string without copying it first
  private void payload(String message, int from, int to) {
    byte[] base64 = new byte[to - from];
    message.getBytes(from, to, base64, 0);
    try {
      listener.media(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      listener.warning("31950: the payload is not base64");
    }
  }
}
