package io.voiceagent.ops;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;

/** How the ops listener answers: JSON, never cached, an error always with its reason. */
final class Answers {
  private Answers() {}

  static void json(RoutingContext context, int status, JsonObject body) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.encode() + "\n");
  }

  static void error(RoutingContext context, int status, String reason) {
    json(context, status, new JsonObject().put("error", reason));
  }

  /** A failure as a status: whose fault it is, and whether trying again helps. */
  static void failure(RoutingContext context, Throwable cause) {
    if (cause instanceof FailureException known) {
      Failure failure = known.failure();
      if (failure.retryAfterMs() > 0) {
        context.response().putHeader("Retry-After", "" + (failure.retryAfterMs() + 999) / 1000);
      }
      error(context, status(failure.kind()), failure.detail());
    } else if (cause instanceof IllegalStateException) {
      error(context, 409, String.valueOf(cause.getMessage()));
    } else {
      error(context, 500, "internal error");
    }
  }

  private static int status(Failure.Kind kind) {
    return switch (kind) {
      case BAD_REQUEST -> 400;
      case RATE_LIMIT, OVERLOADED, BREAKER_OPEN -> 503;
      case TIMEOUT -> 504;
      default -> 502;
    };
  }
}
