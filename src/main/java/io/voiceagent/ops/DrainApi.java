package io.voiceagent.ops;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Starts and stops draining of this node: running calls go on, new ones are refused politely. Idempotent. */
final class DrainApi {
  private final OpsPorts ports;

  DrainApi(OpsPorts ports) {
    this.ports = ports;
  }

  void mount(Router router) {
    router.post("/api/drain").handler(context -> set(context, true));
    router.delete("/api/drain").handler(context -> set(context, false));
  }

  private void set(RoutingContext context, boolean drain) {
    ports.drain().accept(drain);
    Answers.json(context, 200, new JsonObject().put("draining", ports.draining().getAsBoolean()));
  }
}
