package io.voiceagent.ops;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.voiceagent.metrics.Telemetry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * {@code GET /metrics}. The text is made on a worker thread, and scrapers that ask at the same time share one, so that
 * nobody can load the service by asking often.
 */
final class MetricsApi {
  private final Vertx vertx;
  private final Telemetry telemetry;
  private final Map<String, Future<String>> running = new HashMap<>(2);

  MetricsApi(Vertx vertx, Telemetry telemetry) {
    this.vertx = vertx;
    this.telemetry = telemetry;
  }

  void mount(Router router) {
    router.get("/metrics").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    String accept = Objects.requireNonNullElse(context.request().getHeader("Accept"), "");
    String type = Telemetry.contentType(accept);
    scrape(type)
        .onSuccess(text -> context.response().putHeader("Content-Type", type).end(text))
        .onFailure(cause -> Answers.failure(context, cause));
  }

  private Future<String> scrape(String type) {
    Future<String> shared = running.get(type);
    if (shared != null) {
      return shared;
    }
    Future<String> fresh = vertx.executeBlocking(() -> telemetry.scrape(type), false);
    running.put(type, fresh);
    fresh.onComplete(done -> running.remove(type));
    return fresh;
  }
}
