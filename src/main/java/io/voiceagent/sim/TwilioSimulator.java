package io.voiceagent.sim;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Twilio's call resource: create, fetch, update. The fault {@code status} of {@code twilio} answers with it. */
final class TwilioSimulator {
  private static final AtomicLong SIDS = new AtomicLong();

  private final SimulatorCore core;
  private final BiConsumer<String, MultiMap> onCall;
  private final Map<String, String> calls = new ConcurrentHashMap<>();

  /** @param onCall is told the SID and the form of each call that is placed */
  TwilioSimulator(SimulatorCore core, BiConsumer<String, MultiMap> onCall) {
    this.core = core;
    this.onCall = onCall;
  }

  void handle(HttpServerRequest request) {
    String prefix = "/2010-04-01/Accounts/";
    if (!request.path().startsWith(prefix) || !request.path().contains("/Calls")) {
      error(request, 404, 20404);
      return;
    }
    String credentials = Objects.requireNonNullElse(request.getHeader("Authorization"), "");
    if (!credentials.startsWith("Basic ") || decoded(credentials).contains("wrong")) {
      error(request, 401, 20003);
      return;
    }
    Faults.Fault fault = core.faults().take("twilio", "status");
    if (fault != null) {
      error(request, fault.status(), 20000 + fault.status());
      return;
    }
    request.setExpectMultipart(true);
    request.end().onSuccess(x -> respond(request));
  }

  private void respond(HttpServerRequest request) {
    MultiMap form = request.formAttributes();
    String path = request.path();
    if (path.endsWith("/Calls.json")) {
      if (!form.contains("To")
          || !form.contains("From")
          || !(form.contains("Url") || form.contains("Twiml"))) {
        error(request, 400, 21201);
        return;
      }
      String sid = String.format("CA%032x", SIDS.incrementAndGet() + 0x5100000000L);
      calls.put(sid, "queued");
      core.stats().add("twilioCalls", 1);
      request
          .response()
          .setStatusCode(201)
          .putHeader("Content-Type", "application/json")
          .end(resource(sid, "queued", form).toBuffer());
      onCall.accept(sid, form);
      return;
    }
    String sid = path.replaceFirst(".*/Calls/([^/.]+)\\.json$", "$1");
    if (form.contains("Status")) {
      core.stats().add("twilioHangUps", 1);
      calls.put(sid, "completed");
    }
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end(resource(sid, calls.getOrDefault(sid, "in-progress"), form).toBuffer());
  }

  private static JsonObject resource(String sid, String status, MultiMap form) {
    return new JsonObject()
        .put("sid", sid)
        .put("status", status)
        .put("to", form.get("To"))
        .put("from", form.get("From"))
        .put("direction", "outbound-api")
        .putNull("duration")
        .put("queue_time", "0")
        .put("api_version", "2010-04-01");
  }

  private static void error(HttpServerRequest request, int status, int code) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject()
            .put("code", code)
            .put("message", "simulated")
            .put("more_info", "https://www.twilio.com/docs/errors/" + code)
            .put("status", status)
            .toBuffer());
  }

  private static String decoded(String basic) {
    try {
      return new String(
          java.util.Base64.getDecoder().decode(basic.substring(6)),
          java.nio.charset.StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "wrong";
    }
  }
}
