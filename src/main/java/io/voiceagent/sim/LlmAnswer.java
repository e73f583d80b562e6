package io.voiceagent.sim;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One answer of the simulated model, word by word at its pace, with what a fault makes of it. */
final class LlmAnswer {
  private static final String[] FAULTS = {
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

  private final SimulatorCore core;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final LlmRequest asked;
  private final AnswerFormat format;
  private final List<String> pieces = new ArrayList<>();
  private final Faults.@Nullable Fault fault;
  private int next;
  private boolean over;
  private long commentedMs;

  LlmAnswer(SimulatorCore core, HttpServerRequest request, LlmRequest asked, AnswerFormat format) {
    this.core = core;
    this.request = request;
    this.response = request.response();
    this.asked = asked;
    this.format = format;
    this.fault = core.faults().take("llm", FAULTS);
    if (!is("empty")) {
      for (String word : asked.answer().split("(?<= )")) {
        if (!word.isEmpty()) {
          pieces.add(word);
        }
      }
    }
  }

  /** @param slowMs beyond the usual wait for the first word */
  void start(long slowMs) {
    core.stats().add("llmOpen", 1);
    request.connection().closeHandler(x -> ended(true));
    response.closeHandler(x -> ended(true));
    response.exceptionHandler(x -> ended(true));
    long wait = core.delays().next(core.options().llmFirstToken()) + slowMs;
    if (asked.stream()) {
      response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8");
      core.after(wait, this::begin);
    } else {
      core.after(wait, this::whole);
    }
  }

  private void whole() {
    pieces.forEach(format::piece);
    callTool();
    if (!over) {
      core.stats().add("llmCompleted", 1);
      ended(false);
      response.putHeader("Content-Type", "application/json").end(format.whole());
    }
  }

  private void begin() {
    if (!over && fault != null && is("comments") && commentedMs < fault.ms()) {
      commentedMs += COMMENT_MS;
      write(": PROCESSING\n\ndata: : ping\n\n");
      core.vertx().setTimer(COMMENT_MS, timer -> begin());
      return;
    }
    write(format.begin());
    go();
  }

  private void go() {
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
        response.drainHandler(x -> go());
        return;
      }
      write(format.piece(pieces.get(next++)));
      long wait = fault != null && is("drip")
          ? fault.ms()
          : core.delays().next(core.options().llmPerWord());
      if (wait > 0) {
        core.vertx().setTimer(wait, timer -> go());
        return;
      }
    }
  }

  /** True when nothing more comes. */
  private boolean misbehave(Faults.Fault planned) {
    switch (planned.kind()) {
      case "closeMid" -> {
        ended(false);
        request.connection().close();
      }
      case "hangMid" -> {}
      case "errorMid" -> last(format.error(planned.code()));
      case "garbage" -> last("data: {\"choices\":[{\"del\u00e9\u0000\n\n");
      case "wrongTypes" -> last("data: {\"choices\":7,\"type\":[],\"error\":null}\n\n");
      case "noDone" -> last("");
      default -> {
        return false;
      }
    }
    return true;
  }

  private void finish() {
    write(callTool());
    core.stats().add("llmCompleted", 1);
    String end = format.finish();
    if (is("noEnd")) {
      write(end);
    } else {
      last(is("noMark") ? end : end + format.mark());
    }
  }

  private String callTool() {
    String tool = asked.tool();
    return tool == null ? "" : format.tool(tool, asked.arguments());
  }

  private void last(String events) {
    write(events);
    ended(false);
    response.end();
  }

  private void write(String events) {
    if (!over && !events.isEmpty()) {
      response.write(events);
    }
  }

  private boolean is(String kind) {
    return fault != null && fault.kind().equals(kind);
  }

  private void ended(boolean byPeer) {
    if (!over) {
      over = true;
      core.stats().add("llmOpen", -1);
      core.stats().add("llmCancelled", byPeer ? 1 : 0);
    }
  }
}
