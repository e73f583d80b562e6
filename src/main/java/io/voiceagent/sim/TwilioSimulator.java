package io.voiceagent.sim;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Twilio's call resource: create, fetch, update. A call that is created is answered by the {@link PhoneNetwork}. The fault
 * {@code status} of {@code twilio} answers with it.
 */
final class TwilioSimulator {
  private static final Pattern CALLS =
      Pattern.compile("/2010-04-01/Accounts/(AC\\w+)/Calls(?:/(CA\\w+))?\\.json");
  private static final int MAX_CALLS = 10_000;
  private static final long FIRST_SID = 0x5100000000L;

  private record Call(String sid, String to, String from, String status) {
    Call with(String other) {
      return new Call(sid, to, from, other);
    }

    boolean over() {
      return status.equals("completed");
    }
  }

  private final SimulatorCore core;
  private final PhoneNetwork phones;
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private long sids = FIRST_SID;

  TwilioSimulator(SimulatorCore core, PhoneNetwork phones) {
    this.core = core;
    this.phones = phones;
  }

  void handle(HttpServerRequest request) {
    Matcher path = CALLS.matcher(request.path());
    if (!path.matches()) {
      error(request, 404, 20404);
      return;
    }
    String password = password(Objects.requireNonNullElse(request.getHeader("Authorization"), ""));
    if (password.isEmpty() || password.contains("wrong")) {
      error(request, 401, 20003);
      return;
    }
    Faults.Fault fault = core.faults().take("twilio", "status");
    if (fault != null) {
      error(request, fault.status(), 20000 + fault.status());
      return;
    }
    String sid = path.group(2);
    if (!request.method().equals(HttpMethod.POST)) {
      fetch(request, sid == null ? "" : sid);
      return;
    }
    request.setExpectMultipart(true);
    request.end().onSuccess(x -> {
      if (sid == null) {
        create(request, password);
      } else {
        update(request, sid);
      }
    });
  }

  private void create(HttpServerRequest request, String authToken) {
    MultiMap form = request.formAttributes();
    if (!form.contains("To") || !form.contains("From") || !form.contains("Url")) {
      error(request, 400, 21201);
      return;
    }
    Call call =
        new Call(String.format("CA%032x", ++sids), form.get("To"), form.get("From"), "queued");
    keep(call);
    core.stats().add("twilioCalls", 1);
    answer(request, 201, call);
    keep(call.with("in-progress"));
    phones.dial(call.sid(), authToken, form, () -> keep(call.with("completed")));
  }

  /** A call that was not placed here came in, by a carrier simulator that is somewhere else: it is taken as running. */
  private void update(HttpServerRequest request, String sid) {
    Call call = calls.getOrDefault(sid, new Call(sid, "", "", "in-progress"));
    if (!"completed".equals(request.formAttributes().get("Status"))) {
      error(request, 400, 21218);
      return;
    }
    core.stats().add("twilioHangUps", 1);
    if (!call.over()) {
      phones.hangUp(sid);
    }
    keep(call.with("completed"));
    answer(request, 200, call.with("completed"));
  }

  private void fetch(HttpServerRequest request, String sid) {
    Call call = calls.get(sid);
    if (call == null) {
      error(request, 404, 20404);
    } else {
      answer(request, 200, call);
    }
  }

  private void keep(Call call) {
    calls.put(call.sid(), call);
    if (calls.size() > MAX_CALLS) {
      calls.remove(calls.keySet().iterator().next());
    }
  }

  private static void answer(HttpServerRequest request, int status, Call call) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject()
            .put("sid", call.sid())
            .put("status", call.status())
            .put("to", call.to())
            .put("from", call.from())
            .put("direction", "outbound-api")
            .putNull("duration")
            .put("queue_time", "0")
            .put("api_version", "2010-04-01")
            .toBuffer());
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

  /** Empty unless it is basic authentication with a password. */
  private static String password(String header) {
    if (!header.startsWith("Basic ")) {
      return "";
    }
    try {
      String both =
          new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
      return both.substring(both.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
