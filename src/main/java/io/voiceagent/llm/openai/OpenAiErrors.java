package io.voiceagent.llm.openai;

import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.resilience.RetryAfter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What errors mean. The two families of 429 are told apart by type and code: slow down, or out of money.
 *
 * @see <a href="https://developers.openai.com/docs/guides/error-codes">error codes</a>
 */
final class OpenAiErrors {
  /** A wait that nobody bears: the server says that another attempt is of no use. */
  private static final long NEVER_MS = Duration.ofHours(1).toMillis();

  /** Parts of codes and types that speak of the request, not of the server. */
  private static final List<String> BAD_REQUEST = List.of(
      "invalid_request",
      "invalid_prompt",
      "context_length",
      "exceed_context",
      "content_filter",
      "_policy",
      "not_found",
      "not_supported");

  private OpenAiErrors() {}

  /**
   * An answer that is no 200. The message never quotes the body: it may hold what the caller said.
   *
   * @param headers by name, null for one that is not there
   */
  static Failure ofResponse(
      String server, int status, String body, Function<String, @Nullable String> headers) {
    JsonObject error = errorIn(body);
    String code = text(error, "code");
    Kind kind =
        status == 429 && money(text(error, "type"), code) ? Kind.OUT_OF_MONEY : ofStatus(status);
    return new Failure(
        Failure.Stage.LLM,
        kind,
        server + " answered " + status + (code.isEmpty() ? "" : " " + code)
            + hint(server, kind, code, text(error, "param")),
        "false".equals(headers.apply("x-should-retry")) ? NEVER_MS : wish(kind, headers));
  }

  private static Kind ofStatus(int status) {
    return switch (status) {
      case 401, 403 -> Kind.UNAUTHORIZED;
      case 402 -> Kind.OUT_OF_MONEY;
      case 429 -> Kind.RATE_LIMIT;
      case 408, 409 -> Kind.SERVER;
      default -> status >= 500 ? Kind.SERVER : Kind.BAD_REQUEST;
    };
  }

  /** An error inside a 200. Its code is a word, at some servers a status. */
  static Failure inStream(Object error) {
    String type = "";
    String code = "";
    if (error instanceof JsonObject object) {
      type = text(object, "type");
      code = text(object, "code");
    }
    return new Failure(
        Failure.Stage.LLM,
        inStream(type, code),
        "an error within the stream" + (code.isEmpty() ? "" : ": " + code));
  }

  private static Kind inStream(String type, String code) {
    String both = type + " " + code;
    if (money(type, code)) {
      return Kind.OUT_OF_MONEY;
    }
    if (code.matches("[45]\\d\\d")) {
      return ofStatus(Integer.parseInt(code));
    }
    if (both.contains("rate_limit") || both.contains("slow_down")) {
      return Kind.RATE_LIMIT;
    }
    if (both.contains("overloaded") || both.contains("unavailable")) {
      return Kind.OVERLOADED;
    }
    if (both.contains("invalid_api_key") || both.contains("authentication")) {
      return Kind.UNAUTHORIZED;
    }
    return BAD_REQUEST.stream().anyMatch(both::contains) ? Kind.BAD_REQUEST : Kind.SERVER;
  }

  /** Payloads by which some gateways keep a line alive, though they should be comments. */
  static boolean keepAlive(String data) {
    String text = data.strip();
    return text.isEmpty()
        || text.startsWith(":")
        || text.equalsIgnoreCase("ping")
        || text.equalsIgnoreCase("keep-alive");
  }

  private static boolean money(String type, String code) {
    return type.equals("insufficient_quota")
        || code.equals("insufficient_quota")
        || code.equals("credit_balance_exhausted")
        || code.endsWith("_limit_exceeded") && (code.contains("spend") || code.contains("usage"));
  }

  private static String hint(String server, Kind kind, String code, String param) {
    if (kind == Kind.UNAUTHORIZED) {
      return "; check llm." + (server.equals("openai") ? "" : "fallback.") + server + ".apiKey";
    }
    if (kind == Kind.OUT_OF_MONEY) {
      return "; the account of " + server + " is out of credit";
    }
    if (param.equals("reasoning_effort") || param.startsWith("reasoning")) {
      return "; set reasoningEffort of " + server + " to what the model takes, none with tools";
    }
    if (param.contains("max_tokens") || param.contains("max_completion_tokens")) {
      return "; set maxTokensField of " + server;
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

  /** How long the server asks us to wait, in milliseconds; 0: it does not say. */
  private static long wish(Kind kind, Function<String, @Nullable String> headers) {
    if (kind != Kind.RATE_LIMIT && kind != Kind.SERVER) {
      return 0;
    }
    long exact = Math.round(number(headers.apply("retry-after-ms")));
    return exact > 0 ? exact : RetryAfter.millis(headers.apply("Retry-After"));
  }

  private static double number(@Nullable String value) {
    try {
      double number = value == null ? 0 : Double.parseDouble(value.strip());
      return number > 0 && number < 3_600_000 ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
