package io.voiceagent.ops;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Live: every event loop shows life; if not, only a restart helps. Ready: calls may be sent here; turns false before the
 * first call is refused.
 */
final class HealthApi {
  private static final long STUCK_MS = 10_000;
  private final OpsPorts ports;

  HealthApi(OpsPorts ports) {
    this.ports = ports;
  }

  void mount(Router router) {
    router.get("/health/live").handler(context -> answer(context, live()));
    router.get("/health/ready").handler(context -> answer(context, ready()));
  }

  private List<String> live() {
    long silence = ports.loopSilenceMs().getAsLong();
    return silence < STUCK_MS
        ? List.of()
        : List.of("an event loop has not moved for " + silence + " ms");
  }

  private List<String> ready() {
    List<String> reasons = new ArrayList<>(live());
    if (ports.draining().getAsBoolean()) {
      reasons.add("draining");
    }
    reasons.addAll(ports.notReady().get());
    return reasons;
  }

  private static void answer(RoutingContext context, List<String> reasons) {
    JsonObject body = new JsonObject()
        .put("status", reasons.isEmpty() ? "ok" : "unavailable")
        .put("reasons", new JsonArray(reasons));
    Answers.json(context, reasons.isEmpty() ? 200 : 503, body);
  }
}
