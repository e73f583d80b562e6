package io.voiceagent.sim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The Responses API: every item is announced, filled by deltas, and given whole at its end. */
final class ResponsesFormat implements AnswerFormat {
  private final String id;
  private final StringBuilder text = new StringBuilder();
  private final JsonArray output = new JsonArray();
  private int pieces;
  private int sequence;
  private boolean speaking;

  ResponsesFormat(String id) {
    this.id = id;
  }

  @Override
  public String begin() {
    return event("response.created", new JsonObject().put("response", response("in_progress")))
        + event("response.in_progress", new JsonObject().put("response", response("in_progress")));
  }

  @Override
  public String piece(String piece) {
    String before = speaking ? "" : openMessage();
    speaking = true;
    text.append(piece);
    pieces++;
    return before + event("response.output_text.delta", part().put("delta", piece));
  }

  @Override
  public String tool(String name, String arguments) {
    String before = closeMessage();
    int index = output.size();
    JsonObject item = new JsonObject()
        .put("id", "fc_" + id)
        .put("type", "function_call")
        .put("call_id", "call_" + id)
        .put("name", name);
    JsonObject place = new JsonObject().put("item_id", "fc_" + id).put("output_index", index);
    JsonObject whole = item.copy().put("status", "completed").put("arguments", arguments);
    output.add(whole);
    return before
        + event(
            "response.output_item.added",
            item(index, item.copy().put("status", "in_progress").put("arguments", "")))
        + event("response.function_call_arguments.delta", place.copy().put("delta", arguments))
        + event("response.function_call_arguments.done", place.copy().put("arguments", arguments))
        + event("response.output_item.done", item(index, whole));
  }

  @Override
  public String finish() {
    String before = closeMessage();
    return before
        + event("response.completed", new JsonObject().put("response", response("completed")));
  }

  @Override
  public String mark() {
    return "";
  }

  @Override
  public String error(String code) {
    return event(
        "error", new JsonObject().put("code", code).put("message", "simulated").putNull("param"));
  }

  @Override
  public String whole() {
    closeMessage();
    return response("completed").encode();
  }

  private String openMessage() {
    return event("response.output_item.added", item(output.size(), message("in_progress", false)))
        + event("response.content_part.added", part().put("part", content("")));
  }

  private String closeMessage() {
    if (!speaking) {
      return "";
    }
    speaking = false;
    JsonObject whole = message("completed", true);
    String events = event("response.output_text.done", part().put("text", text.toString()))
        + event("response.content_part.done", part().put("part", content(text.toString())))
        + event("response.output_item.done", item(output.size(), whole));
    output.add(whole);
    return events;
  }

  private JsonObject message(String status, boolean full) {
    JsonArray content = full ? new JsonArray().add(content(text.toString())) : new JsonArray();
    return new JsonObject()
        .put("id", "msg_" + id)
        .put("type", "message")
        .put("role", "assistant")
        .put("status", status)
        .put("content", content);
  }

  private static JsonObject content(String text) {
    return new JsonObject()
        .put("type", "output_text")
        .put("text", text)
        .put("annotations", new JsonArray());
  }

  private static JsonObject item(int index, JsonObject item) {
    return new JsonObject().put("output_index", index).put("item", item);
  }

  private JsonObject part() {
    return new JsonObject()
        .put("item_id", "msg_" + id)
        .put("output_index", output.size())
        .put("content_index", 0);
  }

  private JsonObject response(String status) {
    JsonObject response = new JsonObject()
        .put("id", "resp_" + id)
        .put("object", "response")
        .put("created_at", 1)
        .put("model", "simulated")
        .put("status", status)
        .put("output", output.copy());
    return status.equals("completed") ? response.put("usage", usage()) : response;
  }

  private JsonObject usage() {
    return new JsonObject()
        .put("input_tokens", PROMPT_TOKENS)
        .put("input_tokens_details", new JsonObject().put("cached_tokens", 0))
        .put("output_tokens", pieces)
        .put("output_tokens_details", new JsonObject().put("reasoning_tokens", 0))
        .put("total_tokens", PROMPT_TOKENS + pieces);
  }

  private String event(String type, JsonObject fields) {
    return "event: " + type + "\ndata: "
        + fields.put("type", type).put("sequence_number", sequence++).encode() + "\n\n";
  }
}
