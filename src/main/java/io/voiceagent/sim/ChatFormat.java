package io.voiceagent.sim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chat Completions. */
final class ChatFormat implements AnswerFormat {
  private final String id;
  private final boolean usageWanted;
  private final StringBuilder text = new StringBuilder();
  private final JsonArray calls = new JsonArray();
  private int pieces;

  ChatFormat(String id, boolean usageWanted) {
    this.id = id;
    this.usageWanted = usageWanted;
  }

  @Override
  public String begin() {
    return choice(new JsonObject().put("role", "assistant").put("content", ""), null);
  }

  @Override
  public String piece(String piece) {
    text.append(piece);
    pieces++;
    return choice(new JsonObject().put("content", piece), null);
  }

  /** In fragments, as the vendor does: the name first, the arguments in pieces that are no JSON of their own. */
  @Override
  public String tool(String name, String arguments) {
    calls.add(call(name, arguments));
    int half = arguments.length() / 2;
    StringBuilder events =
        new StringBuilder(choice(fragment(call(name, "").put("index", calls.size() - 1)), null));
    for (String part : List.of(arguments.substring(0, half), arguments.substring(half))) {
      events.append(choice(
          fragment(new JsonObject()
              .put("index", calls.size() - 1)
              .put("function", new JsonObject().put("arguments", part))),
          null));
    }
    return events.toString();
  }

  @Override
  public String finish() {
    String end = choice(new JsonObject(), reason());
    if (usageWanted) {
      end += event(chunk().put("choices", new JsonArray()).put("usage", usage()));
    }
    return end;
  }

  @Override
  public String mark() {
    return "data: [DONE]\n\n";
  }

  @Override
  public String error(String code) {
    return event(new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", "simulated")
                .put("type", "server_error")
                .put("code", code)));
  }

  @Override
  public String whole() {
    JsonObject message = new JsonObject()
        .put("role", "assistant")
        .put("content", text.toString())
        .putNull("refusal");
    if (!calls.isEmpty()) {
      message.put("tool_calls", calls);
    }
    return chunk()
        .put("object", "chat.completion")
        .put(
            "choices",
            new JsonArray()
                .add(new JsonObject()
                    .put("index", 0)
                    .put("message", message)
                    .putNull("logprobs")
                    .put("finish_reason", reason())))
        .put("usage", usage())
        .encode();
  }

  private String reason() {
    return calls.isEmpty() ? "stop" : "tool_calls";
  }

  private JsonObject call(String name, String arguments) {
    return new JsonObject()
        .put("id", "call_" + id)
        .put("type", "function")
        .put("function", new JsonObject().put("name", name).put("arguments", arguments));
  }

  private static JsonObject fragment(JsonObject call) {
    return new JsonObject().put("tool_calls", new JsonArray().add(call));
  }

  private String choice(JsonObject delta, @Nullable String finish) {
    JsonObject choice =
        new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
    JsonObject chunk = chunk().put("choices", new JsonArray().add(choice));
    return event(usageWanted ? chunk.putNull("usage") : chunk);
  }

  private JsonObject chunk() {
    return new JsonObject()
        .put("id", "chatcmpl-" + id)
        .put("object", "chat.completion.chunk")
        .put("created", 1)
        .put("model", "simulated");
  }

  private JsonObject usage() {
    return new JsonObject()
        .put("prompt_tokens", PROMPT_TOKENS)
        .put("completion_tokens", pieces)
        .put("total_tokens", PROMPT_TOKENS + pieces);
  }

  private static String event(JsonObject data) {
    return "data: " + data.encode() + "\n\n";
  }
}
