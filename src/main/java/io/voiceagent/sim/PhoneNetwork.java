package io.voiceagent.sim;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Whoever is dialled through the simulated REST API: picks up, says a few things, and hangs up. */
final class PhoneNetwork {
  private static final int MAX_ACCOUNTS = 100;
  private static final Scenario SCENARIO = Scenario.of("hello who is calling", "thank you goodbye");

  private final Vertx vertx;
  /** By auth token, which signs the webhooks of the account's calls. */
  private final Map<String, CarrierSimulator> carriers = new HashMap<>();

  private final Map<String, SimulatedCaller> talking = new HashMap<>();

  PhoneNetwork(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * On the simulators' event loop.
   *
   * @param form of the request that created the call
   * @param over runs when the call has ended
   */
  void dial(String sid, String authToken, MultiMap form, Runnable over) {
    if (!carriers.containsKey(authToken) && carriers.size() >= MAX_ACCOUNTS) {
      over.run();
      return;
    }
    CarrierLine.Call call = new CarrierLine.Call(
        sid,
        form.get("From"),
        form.get("To"),
        "outbound-api",
        form.get("Url"),
        Objects.requireNonNullElse(form.get("StatusCallback"), ""));
    SimulatedCaller caller = carriers
        .computeIfAbsent(authToken, token -> new CarrierSimulator(vertx, "", token))
        .place(call, SCENARIO, CallerListener.NONE, false);
    talking.put(sid, caller);
    caller.result().onComplete(x -> {
      talking.remove(sid);
      over.run();
    });
  }

  /** The carrier ends the call. */
  void hangUp(String sid) {
    SimulatedCaller caller = talking.get(sid);
    if (caller != null) {
      caller.hangUp();
    }
  }
}
