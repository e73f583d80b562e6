package io.voiceagent.sim;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * OpenAI: {@code POST /v1/chat/completions} and {@code POST /v1/responses}, streaming or not, and {@code GET /v1/models}.
 *
 * <p>Faults of {@code llm}: {@code status}, {@code refuse}, {@code hang} (before headers), {@code slowFirst}, {@code
 * empty}, and after some words {@code closeMid}, {@code hangMid}, {@code errorMid}, {@code garbage}, {@code wrongTypes},
 * {@code noDone}, {@code drip}; after the last word {@code noMark} (no {@code [DONE]}) and {@code noEnd} (the stream
 * stays open); {@code comments} keeps the line alive for some time before the first text.
 */
final class LlmSimulator {
  private static final AtomicLong IDS = new AtomicLong();

  private final SimulatorCore core;

  LlmSimulator(SimulatorCore core) {
    this.core = core;
  }

  void handle(HttpServerRequest request) {
    boolean chat = request.path().equals("/v1/chat/completions");
    boolean known = chat || request.path().equals("/v1/responses");
    if (request.path().equals("/v1/models")) {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end(
              "{\"object\":\"list\",\"data\":[{\"id\":\"simulated\",\"object\":\"model\",\"created\":1,\"owned_by\":\"sim\"}]}");
      return;
    }
    if (!known) {
      error(request.response(), 404, "invalid_request_error", "unknown_url", "");
      return;
    }
    core.stats().add("llmRequests", 1);
    request.body().onSuccess(body -> {
      String key = Objects.requireNonNullElse(request.getHeader("Authorization"), "");
      if (SimulatorCore.refused(key.replaceFirst("^Bearer ?", ""))) {
        error(request.response(), 401, "invalid_request_error", "invalid_api_key", "");
        return;
      }
      JsonObject asked;
      try {
        asked = new JsonObject(body);
      } catch (RuntimeException e) {
        error(request.response(), 400, "invalid_request_error", "", "");
        return;
      }
      if (asked.getString("model") == null
          || asked.getJsonArray(chat ? "messages" : "input") == null) {
        error(request.response(), 400, "invalid_request_error", "missing_required_parameter", "");
        return;
      }
      admit(request, asked, chat);
    });
  }

  private void admit(HttpServerRequest request, JsonObject asked, boolean chat) {
    Faults.Fault fault = core.faults().take("llm", "status", "refuse", "hang");
    if (fault != null && fault.kind().equals("status")) {
      error(
          request.response(),
          fault.status(),
          fault.status() == 429 && fault.code().contains("quota")
              ? "insufficient_quota"
              : "server_error",
          fault.code(),
          fault.retryAfter());
    } else if (fault != null && fault.kind().equals("refuse")) {
      request.connection().close();
    } else if (fault == null) {
      Faults.Fault slow = core.faults().take("llm", "slowFirst");
      String id = "sim" + IDS.incrementAndGet();
      LlmRequest read = LlmRequest.read(asked, chat);
      AnswerFormat format = chat ? new ChatFormat(id, read.usage()) : new ResponsesFormat(id);
      new LlmAnswer(core, request, read, format).start(slow == null ? 0 : slow.ms());
    }
    // Hanging: nothing is ever answered.
  }

  private static void error(
      HttpServerResponse response, int status, String type, String code, String retryAfter) {
    if (!retryAfter.isEmpty()) {
      response.putHeader("Retry-After", retryAfter);
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject()
            .put(
                "error",
                new JsonObject()
                    .put("message", "simulated")
                    .put("type", type)
                    .putNull("param")
                    .put("code", code.isEmpty() ? null : code))
            .toBuffer());
  }
}
