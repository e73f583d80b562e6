package io.voiceagent.telephony;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.voiceagent.telephony.CarrierEvent.Audio;
import io.voiceagent.telephony.CarrierEvent.Connected;
import io.voiceagent.telephony.CarrierEvent.Digit;
import io.voiceagent.telephony.CarrierEvent.MarkPlayed;
import io.voiceagent.telephony.CarrierEvent.Other;
import io.voiceagent.telephony.CarrierEvent.Started;
import io.voiceagent.telephony.CarrierEvent.Stopped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Twilio Media Streams, two-way.
 *
 * @see <a href="https://www.twilio.com/docs/voice/media-streams/websocket-messages">the messages</a>
 */
public final class TwilioDialect implements Dialect {
  private static final String MEDIA = "{\"event\":\"media\"";
  private static final String PAYLOAD = "\"payload\":\"";
  private static final String TRACK = "\"track\":\"";
  private static final String INBOUND = "inbound\"";
  /** Ten seconds of sound in one message is no frame. */
  private static final int MAX_PAYLOAD = 80_000 / 3 * 4 + 4;

  @Override
  public CarrierEvent decode(String message) {
    // 50 messages per second and call look like this: no tree for them, and nothing is read twice.
    if (message.startsWith(MEDIA)) {
      int track = message.indexOf(TRACK);
      int from = track < 0 || !message.startsWith(INBOUND, track + TRACK.length())
          ? -1
          : message.indexOf(PAYLOAD, track);
      int end = from < 0 ? -1 : message.indexOf('"', from + PAYLOAD.length());
      if (end > 0) {
        byte[] sound = plain(message, from + PAYLOAD.length(), end);
        if (sound != null) {
          return new Audio(sound);
        }
      }
    }
    try {
      return decodeTree(new JsonObject(message));
    } catch (DecodeException | ClassCastException e) {
      throw new WireException("not a message of the media protocol");
    }
  }

  @Override
  public String media(String streamSid, byte[] mulaw, int from, int length) {
    byte[] slice = mulaw;
    if (from != 0 || length != mulaw.length) {
      slice = new byte[length];
      System.arraycopy(mulaw, from, slice, 0, length);
    }
    String payload = new String(Base64.getEncoder().encode(slice), StandardCharsets.ISO_8859_1);
    return "{\"event\":\"media\",\"streamSid\":\"" + streamSid + "\",\"media\":{\"payload\":\""
        + payload + "\"}}";
  }

  @Override
  public String mark(String streamSid, String name) {
    return "{\"event\":\"mark\",\"streamSid\":\"" + streamSid + "\",\"mark\":{\"name\":\"" + name
        + "\"}}";
  }

  @Override
  public String clear(String streamSid) {
    return "{\"event\":\"clear\",\"streamSid\":\"" + streamSid + "\"}";
  }

  private static CarrierEvent decodeTree(JsonObject message) {
    String event = message.getString("event");
    if (event == null) {
      throw new WireException("a message without an event");
    }
    return switch (event) {
      case "connected" -> new Connected();
      case "start" -> started(message);
      case "media" -> media(object(message, "media"));
      case "mark" -> new MarkPlayed(text(object(message, "mark"), "name"));
      case "dtmf" -> digit(text(object(message, "dtmf"), "digit"));
      case "stop" -> new Stopped();
      default -> new Other(event);
    };
  }

  private static CarrierEvent started(JsonObject message) {
    JsonObject start = object(message, "start");
    JsonObject format = start.getJsonObject("mediaFormat");
    if (format != null && !"audio/x-mulaw".equals(format.getString("encoding"))) {
      throw new WireException("the stream is not audio/x-mulaw");
    }
    Map<String, String> parameters = new HashMap<>();
    JsonObject custom = start.getJsonObject("customParameters");
    if (custom != null) {
      custom.forEach(entry -> parameters.put(entry.getKey(), String.valueOf(entry.getValue())));
    }
    return new Started(text(start, "callSid"), sid(text(start, "streamSid")), parameters);
  }

  private static CarrierEvent media(JsonObject media) {
    return "outbound".equals(media.getString("track"))
        ? new Other("media of the outbound track")
        : audio(text(media, "payload"));
  }

  /** Null when it is not what it looked like, such as base64 with escapes. */
  @SuppressWarnings(
      "deprecation") // the one way to take a part of a Latin-1 string without copying it first
  private static byte @Nullable [] plain(String message, int from, int end) {
    if (end - from > MAX_PAYLOAD || end == from) {
      return null;
    }
    byte[] base64 = new byte[end - from];
    message.getBytes(from, end, base64, 0);
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Audio audio(String payload) {
    if (payload.length() > MAX_PAYLOAD) {
      throw new WireException("a payload of " + payload.length() + " characters");
    }
    try {
      return new Audio(Base64.getDecoder().decode(payload));
    } catch (IllegalArgumentException e) {
      throw new WireException("a payload that is not base64");
    }
  }

  private static Digit digit(String digit) {
    if (digit.length() != 1 || "0123456789*#ABCD".indexOf(digit.charAt(0)) < 0) {
      throw new WireException("a digit that is none");
    }
    return new Digit(digit.charAt(0));
  }

  /** It is written into every message of ours: nothing in it may end a JSON string. */
  private static String sid(String sid) {
    for (int i = 0; i < sid.length(); i++) {
      if (!Character.isLetterOrDigit(sid.charAt(i)) || sid.charAt(i) > 127) {
        throw new WireException("a streamSid with odd characters");
      }
    }
    return sid;
  }

  private static JsonObject object(JsonObject parent, String key) {
    JsonObject child = parent.getJsonObject(key);
    if (child == null) {
      throw new WireException("a message without " + key);
    }
    return child;
  }

  private static String text(JsonObject parent, String key) {
    Object value = parent.getValue(key);
    if (value == null || value instanceof JsonObject || value.toString().isEmpty()) {
      throw new WireException("a message without " + key);
    }
    return value.toString();
  }
}
