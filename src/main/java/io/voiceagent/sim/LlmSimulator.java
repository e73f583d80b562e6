package io.voiceagent.sim;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI: {@code POST /v1/chat/completions} and {@code POST /v1/responses}, streaming, and {@code GET /v1/models}.
 *
 * <p>Faults of {@code llm}: {@code status}, {@code refuse}, {@code hang} (before headers), {@code slowFirst}, {@code
 * empty}, and after some words {@code closeMid}, {@code hangMid}, {@code errorMid}, {@code garbage}, {@code wrongTypes},
 * {@code noDone}, {@code drip}; after the last word {@code noMark} (no {@code [DONE]}) and {@code noEnd} (the stream
 * stays open); {@code comments} keeps the line alive for some time before the first text.
 */
final class LlmSimulator {
  private static final String[] MID = {
    "closeMid",
    "hangMid",
    "errorMid",
    "garbage",
    "wrongTypes",
    "noDone",
    "noMark",
    "noEnd",
    "comments",
    "drip",
    "empty"
  };
  private static final long COMMENT_MS = 20;
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
      new Answer(request, asked, chat, slow == null ? 0 : slow.ms()).start();
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

  /** One streamed answer. */
  private final class Answer {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final JsonObject asked;
    private final boolean chat;
    private final long slow;
    private final String id = "sim" + IDS.incrementAndGet();
    private final List<String> pieces = new ArrayList<>();
    private final Faults.@Nullable Fault fault = core.faults().take("llm", MID);
    private @Nullable JsonObject tool;
    private int next;
    private boolean over;
    private int sequence;
    private long commentedMs;

    Answer(HttpServerRequest request, JsonObject asked, boolean chat, long slow) {
      this.request = request;
      this.response = request.response();
      this.asked = asked;
      this.chat = chat;
      this.slow = slow;
    }

    void start() {
      compose();
      core.stats().add("llmOpen", 1);
      request.connection().closeHandler(x -> ended(true));
      response.closeHandler(x -> ended(true));
      response.exceptionHandler(x -> ended(true));
      response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8");
      core.after(core.delays().next(core.options().llmFirstToken()) + slow, this::begin);
    }

    private void compose() {
      String said = "";
      String already = "";
      boolean goesOn = false;
      boolean answersTool = false;
      JsonArray messages = asked.getJsonArray(chat ? "messages" : "input");
      for (int i = 0; i < messages.size(); i++) {
        JsonObject message = messages.getJsonObject(i);
        if ("user".equals(message.getString("role"))) {
          said = message.getString("content", "");
          answersTool = false;
          already = "";
        } else if ("assistant".equals(message.getString("role"))) {
          already += " " + message.getString("content", "");
        } else if ("system".equals(message.getString("role"))
            || "developer".equals(message.getString("role"))) {
          goesOn = message.getString("content", "").contains("Go on exactly where");
        } else if ("tool".equals(message.getString("role"))
            || "function_call_output".equals(message.getString("type"))) {
          answersTool = true;
          said = message.getString(chat ? "content" : "output", "");
        }
      }
      JsonArray tools = asked.getJsonArray("tools");
      if (!answersTool && tools != null) {
        for (int i = 0; i < tools.size(); i++) {
          JsonObject offered = tools.getJsonObject(i);
          JsonObject function = chat ? offered.getJsonObject("function") : offered;
          String name = function.getString("name", "");
          if (Modem.words(said).contains(name.replace("_", "-"))
              || name.equals("end_call") && Modem.words(said).contains("goodbye")) {
            tool =
                new JsonObject().put("name", name).put("arguments", "{\"text\":\"" + name + "\"}");
          }
        }
      }
      if (is("empty")) {
        return;
      }
      String answer = tool == null || "end_call".equals(tool.getString("name"))
          ? SimulatedBrain.answer(said)
          : "";
      if (goesOn) {
        answer = rest(answer, Modem.words(already).size());
      }
      for (String word : answer.split("(?<= )")) {
        if (!word.isEmpty()) {
          pieces.add(word);
        }
      }
    }

    /** As a model does that is told to go on with its own words. */
    private static String rest(String answer, int words) {
      String left = answer;
      while (!left.isEmpty() && Modem.words(left).size() > Modem.words(answer).size() - words) {
        left = left.substring(1);
      }
      return left.strip();
    }

    private void begin() {
      if (over) {
        return;
      }
      if (is("comments") && commentedMs < Objects.requireNonNull(fault).ms()) {
        commentedMs += COMMENT_MS;
        raw(": PROCESSING\n\ndata: : ping\n\n");
        core.vertx().setTimer(COMMENT_MS, timer -> begin());
        return;
      }
      if (chat) {
        chunk(new JsonObject().put("role", "assistant").put("content", ""), null);
      } else {
        event("response.created", new JsonObject().put("response", new JsonObject().put("id", id)));
      }
      write();
    }

    private void write() {
      while (!over) {
        if (fault != null && next == fault.after() && misbehave(fault)) {
          return;
        }
        if (next == pieces.size()) {
          finish();
          return;
        }
        if (response.writeQueueFull()) {
          core.stats().add("llmBlocked", 1);
          response.drainHandler(x -> write());
          return;
        }
        piece(pieces.get(next++));
        long wait = is("drip")
            ? Objects.requireNonNull(fault).ms()
            : core.delays().next(core.options().llmPerWord());
        if (wait > 0) {
          core.vertx().setTimer(wait, timer -> write());
          return;
        }
      }
    }

    private void piece(String text) {
      if (chat) {
        chunk(new JsonObject().put("content", text), null);
      } else {
        event(
            "response.output_text.delta",
            new JsonObject()
                .put("item_id", "msg_" + id)
                .put("output_index", 0)
                .put("content_index", 0)
                .put("delta", text));
      }
    }

    /** True when nothing more comes. */
    private boolean misbehave(Faults.Fault planned) {
      switch (planned.kind()) {
        case "closeMid" -> {
          ended(false);
          request.connection().close();
          return true;
        }
        case "hangMid" -> {
          return true;
        }
        case "errorMid" -> {
          raw("data: {\"error\":{\"message\":\"simulated\",\"type\":\"server_error\",\"code\":\""
              + planned.code() + "\"}}\n\n");
          ended(false);
          response.end();
          return true;
        }
        case "garbage" -> {
          raw("data: {\"choices\":[{\"del\u00e9\u0000\n\n");
          ended(false);
          response.end();
          return true;
        }
        case "wrongTypes" -> {
          raw("data: {\"choices\":7,\"type\":[],\"error\":null}\n\n");
          ended(false);
          response.end();
          return true;
        }
        case "noDone" -> {
          ended(false);
          response.end();
          return true;
        }
        default -> {
          return false;
        }
      }
    }

    private void finish() {
      if (tool != null) {
        toolCall(tool);
      }
      if (chat) {
        chunk(new JsonObject(), tool == null ? "stop" : "tool_calls");
        raw("data: {\"id\":\"chatcmpl-" + id
            + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"simulated\","
            + "\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":"
            + pieces.size()
            + ",\"total_tokens\":" + (10 + pieces.size()) + "}}\n\n");
        if (!is("noMark") && !is("noEnd")) {
          raw("data: [DONE]\n\n");
        }
      } else {
        event(
            "response.completed",
            new JsonObject()
                .put(
                    "response",
                    new JsonObject()
                        .put("id", id)
                        .put("status", "completed")
                        .put(
                            "usage",
                            new JsonObject()
                                .put("input_tokens", 10)
                                .put("output_tokens", pieces.size()))));
      }
      core.stats().add("llmCompleted", 1);
      if (!is("noEnd")) {
        ended(false);
        response.end();
      }
    }

    private boolean is(String kind) {
      return fault != null && fault.kind().equals(kind);
    }

    private void toolCall(JsonObject wanted) {
      String name = wanted.getString("name");
      String arguments = wanted.getString("arguments");
      if (!chat) {
        event(
            "response.output_item.done",
            new JsonObject()
                .put("output_index", 1)
                .put(
                    "item",
                    new JsonObject()
                        .put("id", "fc_" + id)
                        .put("type", "function_call")
                        .put("status", "completed")
                        .put("call_id", "call_" + id)
                        .put("name", name)
                        .put("arguments", arguments)));
        return;
      }
      int half = arguments.length() / 2;
      chunk(
          fragment(new JsonObject()
              .put("index", 0)
              .put("id", "call_" + id)
              .put("type", "function")
              .put("function", new JsonObject().put("name", name).put("arguments", ""))),
          null);
      for (String part : List.of(arguments.substring(0, half), arguments.substring(half))) {
        chunk(
            fragment(new JsonObject()
                .put("index", 0)
                .put("function", new JsonObject().put("arguments", part))),
            null);
      }
    }

    private JsonObject fragment(JsonObject call) {
      return new JsonObject().put("tool_calls", new JsonArray().add(call));
    }

    private void chunk(JsonObject delta, @Nullable String finish) {
      JsonObject choice =
          new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
      raw("data: "
          + new JsonObject()
              .put("id", "chatcmpl-" + id)
              .put("object", "chat.completion.chunk")
              .put("created", 1)
              .put("model", "simulated")
              .put("choices", new JsonArray().add(choice))
              .putNull("usage")
              .encode()
          + "\n\n");
    }

    private void event(String type, JsonObject fields) {
      raw("event: " + type + "\ndata: "
          + fields.put("type", type).put("sequence_number", sequence++).encode() + "\n\n");
    }

    private void raw(String text) {
      if (!over) {
        response.write(text);
      }
    }

    private void ended(boolean byPeer) {
      if (!over) {
        over = true;
        core.stats().add("llmOpen", -1);
        if (byPeer) {
          core.stats().add("llmCancelled", 1);
        }
      }
    }
  }
}
