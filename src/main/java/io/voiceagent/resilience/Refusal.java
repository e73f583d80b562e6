package io.voiceagent.resilience;

import io.vertx.core.http.UpgradeRejectedException;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import java.time.Duration;
import java.util.Locale;

/** What a provider's no means: a status of HTTP, at the upgrade of a socket or within one, or none at all. */
public final class Refusal {
  private Refusal() {}

  /** The text that came with it stays out: it may quote what was said. */
  public static Failure of(
      Failure.Stage stage, String vendor, int status, String errorCode, long retryAfterMs) {
    String code = errorCode.matches("[a-z_]{1,40}") ? " " + errorCode : "";
    return new Failure(
        stage,
        kind(status, errorCode),
        vendor + " answered " + status + code.toLowerCase(Locale.ROOT),
        retryAfterMs);
  }

  private static Kind kind(int status, String errorCode) {
    if (errorCode.contains("quota_exceeded")) {
      return Kind.OUT_OF_MONEY;
    }
    if (errorCode.contains("concurrency")) {
      return Kind.RATE_LIMIT;
    }
    return switch (status) {
      case 401, 403 -> Kind.UNAUTHORIZED;
      case 402 -> Kind.OUT_OF_MONEY;
      case 408 -> Kind.TIMEOUT;
      case 409 -> Kind.SERVER;
      case 429 -> Kind.RATE_LIMIT;
      case 503 -> Kind.OVERLOADED;
      default -> status >= 500 ? Kind.SERVER : Kind.BAD_REQUEST;
    };
  }

  /**
   * Of a socket that did not open.
   *
   * @param limit in which it had to
   */
  public static Failure ofSocket(
      Failure.Stage stage, String vendor, Throwable cause, long tookNanos, Duration limit) {
    if (cause instanceof UpgradeRejectedException rejected) {
      String after =
          rejected.getHeaders() == null ? null : rejected.getHeaders().get("Retry-After");
      return of(stage, vendor, rejected.getStatus(), "", RetryAfter.millis(after));
    }
    // The causes have many names; the time that it took has one.
    boolean late = tookNanos >= limit.toNanos() * 9 / 10;
    return new Failure(
        stage,
        late ? Kind.TIMEOUT : Kind.REFUSED,
        "no socket to " + vendor + ": " + cause.getClass().getSimpleName());
  }
}
