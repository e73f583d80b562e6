package io.voiceagent.ops;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.TurnId;
import io.voiceagent.metrics.TraceContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a log line. What belongs to a call says so with key values, {@code addKeyValue("call", id)} and
 * {@code addKeyValue("turn", turn)}, or has a {@link CallId} or {@link TurnId} among its arguments: no thread-local could tell on an event loop that serves hundreds of calls. A line
 * with a call gets its trace id too. Times are UTC.
 *
 * <p>A caller's words are logged under the key {@code words} and nowhere else; the key is left out unless the
 * configuration wants it.
 */
public final class LogEncoder extends EncoderBase<ILoggingEvent> {
  private static final String CALL = "call";
  private static final String TURN = "turn";
  private static final String WORDS = "words";
  private static final DateTimeFormatter SHORT_TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter FULL_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** How lines are written from now on; logging belongs to the process, so does this. */
  record Style(LogOptions.Format format, boolean callerWords, LogMask mask) {}

  private static volatile Style style =
      new Style(LogOptions.Format.TEXT, false, new LogMask(List.of()));

  static void style(Style next) {
    style = next;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Style current = style;
    Map<String, String> keys = keys(event, current.callerWords());
    String line =
        current.format() == LogOptions.Format.JSON ? json(event, keys) : text(event, keys);
    return (current.mask().apply(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String json(ILoggingEvent event, Map<String, String> keys) {
    JsonObject line = new JsonObject()
        .put("time", FULL_TIME.format(time(event)))
        .put("level", event.getLevel().toString())
        .put("logger", event.getLoggerName())
        .put("thread", event.getThreadName())
        .put("message", event.getFormattedMessage());
    Map<String, String> all = new LinkedHashMap<>();
    named(event.getArgumentArray(), all);
    all.putAll(keys);
    all.forEach(line::put);
    String call = all.get(CALL);
    if (call != null) {
      line.put("trace", TraceContext.ofCall(new CallId(call)).traceId());
    }
    String stack = stack(event.getThrowableProxy());
    if (stack != null) {
      line.put("stack", stack);
    }
    return line.encode();
  }

  private static String text(ILoggingEvent event, Map<String, String> keys) {
    StringBuilder line = new StringBuilder(160)
        .append(SHORT_TIME.format(time(event)))
        .append(String.format(" %-5s ", event.getLevel()))
        .append(shortName(event.getLoggerName()))
        .append(": ")
        .append(event.getFormattedMessage().replace("\n", "\\n"));
    keys.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
    String stack = stack(event.getThrowableProxy());
    return stack == null ? line.toString() : line.append('\n').append(stack).toString();
  }

  private static Map<String, String> keys(ILoggingEvent event, boolean callerWords) {
    Map<String, String> keys = new LinkedHashMap<>(4);
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        String value = String.valueOf(pair.value);
        if (!value.isEmpty() && (callerWords || !pair.key.equals(WORDS))) {
          keys.put(pair.key, value);
        }
      }
    }
    return keys;
  }

  /** An argument of the message that is an identity is a key value too, so that plain messages can be followed as well. */
  private static void named(Object @Nullable [] arguments, Map<String, String> keys) {
    if (arguments != null) {
      for (Object argument : arguments) {
        if (argument instanceof CallId call) {
          keys.put(CALL, call.value());
        } else if (argument instanceof CallInfo info) {
          keys.put(CALL, info.id().value());
        } else if (argument instanceof TurnId turn) {
          keys.put(TURN, turn.toString());
        }
      }
    }
  }

  private static Instant time(ILoggingEvent event) {
    Instant exact = event.getInstant();
    return exact != null ? exact : Instant.ofEpochMilli(event.getTimeStamp());
  }

  private static @Nullable String stack(@Nullable IThrowableProxy thrown) {
    return thrown == null ? null : ThrowableProxyUtil.asString(thrown).strip();
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
