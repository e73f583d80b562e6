package io.voiceagent.llm.openai;

import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What errors mean. The two families of 429 are told apart by type and code: slow down, or out of money.
 *
 * @see <a href="https://developers.openai.com/docs/guides/error-codes">error codes</a>
 */
final class OpenAiErrors {
  private OpenAiErrors() {}

  /** An answer that is no 200. The message never quotes the body: it may hold what the caller said. */
  static Failure ofResponse(String server, int status, String body, @Nullable String retryAfter) {
    JsonObject error = errorIn(body);
    String code = text(error, "code");
    String type = text(error, "type");
    Kind kind = switch (status) {
      case 401, 403 -> Kind.UNAUTHORIZED;
      case 402 -> Kind.OUT_OF_MONEY;
      case 429 -> money(type, code) ? Kind.OUT_OF_MONEY : Kind.RATE_LIMIT;
      case 408, 409 -> Kind.SERVER;
      default -> status >= 500 ? Kind.SERVER : Kind.BAD_REQUEST;
    };
    return new Failure(
        Failure.Stage.LLM,
        kind,
        server + " answered " + status + (code.isEmpty() ? "" : " " + code)
            + hint(server, kind, code),
        kind == Kind.RATE_LIMIT ? millis(retryAfter) : 0);
  }

  /** An error inside a 200. */
  static Failure inStream(Object error) {
    String type = "";
    String code = "";
    if (error instanceof JsonObject object) {
      type = text(object, "type");
      code = text(object, "code");
    }
    Kind kind = money(type, code)
        ? Kind.OUT_OF_MONEY
        : code.contains("rate_limit") || code.equals("429") || type.contains("rate_limit")
            ? Kind.RATE_LIMIT
            : code.contains("overloaded") ? Kind.OVERLOADED : Kind.SERVER;
    return new Failure(
        Failure.Stage.LLM,
        kind,
        "an error within the stream" + (code.isEmpty() ? "" : ": " + code));
  }

  private static boolean money(String type, String code) {
    return type.equals("insufficient_quota")
        || code.equals("insufficient_quota")
        || code.equals("credit_balance_exhausted")
        || code.endsWith("_limit_exceeded") && (code.contains("spend") || code.contains("usage"));
  }

  private static String hint(String server, Kind kind, String code) {
    if (kind == Kind.UNAUTHORIZED) {
      return "; check the API key of " + server;
    }
    if (kind == Kind.OUT_OF_MONEY) {
      return "; the account of " + server + " is out of credit";
    }
    return code.equals("model_not_found") ? "; check the model of " + server : "";
  }

  private static JsonObject errorIn(String body) {
    try {
      Object error = new JsonObject(body).getValue("error");
      return error instanceof JsonObject object ? object : new JsonObject();
    } catch (RuntimeException e) {
      return new JsonObject();
    }
  }

  private static String text(JsonObject object, String key) {
    Object value = object.getValue(key);
    String text = Objects.toString(value, "").toLowerCase(Locale.ROOT);
    return text.length() > 60 ? text.substring(0, 60) : text;
  }

  /** Seconds, possibly with a fraction; anything else is no wish. */
  static long millis(@Nullable String retryAfter) {
    try {
      double seconds = retryAfter == null ? 0 : Double.parseDouble(retryAfter.strip());
      return seconds > 0 && seconds < 3600 ? Math.round(seconds * 1000) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
