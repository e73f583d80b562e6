package io.voiceagent.sim;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** What all simulators share. */
record SimulatorCore(
    Vertx vertx, SimulatorOptions options, Faults faults, Delays delays, Stats stats) {

  /** Runs at once without a delay. */
  void after(long ms, Runnable action) {
    if (ms <= 0) {
      action.run();
    } else {
      vertx.setTimer(ms, id -> action.run());
    }
  }

  static boolean refused(String key) {
    return key.isEmpty() || key.contains("wrong") || key.contains("invalid");
  }

  /** {@code POST} and {@code DELETE /_sim/faults}, {@code GET /_sim/stats}; everything else goes on. */
  Handler<HttpServerRequest> control(Handler<HttpServerRequest> others) {
    return request -> {
      HttpServerResponse response = request.response();
      switch (request.method() + " " + request.path()) {
        case "POST /_sim/faults" ->
          request.body().onSuccess(body -> {
            faults.add(Faults.Fault.from(new JsonObject(body)));
            response.setStatusCode(204).end();
          });
        case "DELETE /_sim/faults" -> {
          faults.clear();
          response.setStatusCode(204).end();
        }
        case "GET /_sim/stats" ->
          response
              .putHeader("Content-Type", "application/json")
              .end(stats.json().put("faultsInjected", faults.injected()).toBuffer());
        default -> others.handle(request);
      }
    };
  }
}
