package io.voiceagent.llm.openai;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chat Completions, streaming, with the tolerance that compatible servers need.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat-streaming">the stream</a>
 */
final class ChatCodec implements ReplyDecoder {
  /** Fragments of one tool call. */
  private static final class Fragments {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();
  }

  private final Map<Integer, Fragments> tools = new TreeMap<>();
  private final ThinkFilter thinking = new ThinkFilter();
  private String finish = "";
  private boolean wrote;
  private boolean done;

  static JsonObject request(OpenAiOptions options, List<Message> dialogue, List<ToolSpec> tools) {
    JsonObject request = new JsonObject()
        .put("model", options.model())
        .put("stream", true)
        .put("messages", messages(options, dialogue))
        .put("stream_options", streamOptions(options))
        .put(
            options.maxCompletionTokens() ? "max_completion_tokens" : "max_tokens",
            options.maxOutputTokens());
    if (!options.effort().isEmpty()) {
      request.put("reasoning_effort", options.effort());
    }
    if (options.official()) {
      request.put("store", false);
    }
    if (!tools.isEmpty()) {
      JsonArray array = new JsonArray();
      for (ToolSpec tool : tools) {
        array.add(new JsonObject()
            .put("type", "function")
            .put(
                "function",
                new JsonObject()
                    .put("name", tool.name())
                    .put("description", tool.description())
                    .put("parameters", new JsonObject(tool.parameters()))));
      }
      request.put("tools", array);
    }
    return request;
  }

  private static JsonObject streamOptions(OpenAiOptions options) {
    JsonObject stream = new JsonObject().put("include_usage", true);
    return options.official() ? stream.put("include_obfuscation", false) : stream;
  }

  private static JsonArray messages(OpenAiOptions options, List<Message> dialogue) {
    JsonArray messages = new JsonArray();
    for (Message message : dialogue) {
      if (message instanceof Message.System system) {
        messages.add(plain(options.systemRole(), system.text()));
      } else if (message instanceof Message.User user) {
        messages.add(plain("user", user.text()));
      } else if (message instanceof Message.Assistant assistant) {
        messages.add(assistant(assistant));
      } else if (message instanceof Message.Tool tool) {
        messages.add(plain("tool", tool.result().content())
            .put("tool_call_id", tool.result().callId()));
      }
    }
    return messages;
  }

  private static JsonObject plain(String role, String content) {
    return new JsonObject().put("role", role).put("content", content);
  }

  private static JsonObject assistant(Message.Assistant said) {
    JsonObject message = new JsonObject().put("role", "assistant");
    if (said.toolCalls().isEmpty()) {
      return message.put("content", said.text());
    }
    JsonArray calls = new JsonArray();
    for (ToolCall call : said.toolCalls()) {
      calls.add(new JsonObject()
          .put("id", call.id())
          .put("type", "function")
          .put(
              "function",
              new JsonObject().put("name", call.name()).put("arguments", call.arguments())));
    }
    if (said.text().isEmpty()) {
      message.putNull("content");
    } else {
      message.put("content", said.text());
    }
    return message.put("tool_calls", calls);
  }

  @Override
  public List<Decoded> event(String data) {
    if (done || OpenAiErrors.keepAlive(data)) {
      return List.of();
    }
    if (data.strip().equals("[DONE]")) {
      return end();
    }
    try {
      return chunk(new JsonObject(data));
    } catch (DecodeException | ClassCastException | NumberFormatException e) {
      return broken(new Failure(
          Failure.Stage.LLM, Failure.Kind.PROTOCOL, "an event that is not a completion chunk"));
    }
  }

  @Override
  public boolean answered() {
    return !finish.isEmpty() && !done;
  }

  @Override
  public List<Decoded> end() {
    if (done) {
      return List.of();
    }
    if (finish.equals("content_filter") && !wrote && tools.isEmpty()) {
      return broken(new Failure(
          Failure.Stage.LLM, Failure.Kind.BAD_REQUEST, "the server's filter held all of it back"));
    }
    if (finish.isEmpty() && tools.isEmpty()) {
      return broken(new Failure(
          Failure.Stage.LLM, Failure.Kind.TRUNCATED, "the stream ended before the answer did"));
    }
    if (finish.isEmpty()) {
      return broken(new Failure(
          Failure.Stage.LLM, Failure.Kind.TRUNCATED, "the stream ended within a tool call"));
    }
    done = true;
    List<Decoded> out = new ArrayList<>();
    String rest = thinking.rest();
    if (!rest.isEmpty()) {
      out.add(new Decoded.Text(rest));
    }
    boolean truncated = finish.equals("length");
    List<ToolCall> calls = new ArrayList<>();
    if (!truncated) {
      tools.forEach((index, call) -> calls.add(new ToolCall(
          call.id.isEmpty() ? "call_" + index : call.id,
          call.name,
          call.arguments.length() == 0 ? "{}" : call.arguments.toString())));
    }
    out.add(new Decoded.Finished(calls, truncated));
    return out;
  }

  private List<Decoded> chunk(JsonObject chunk) {
    Object error = chunk.getValue("error");
    if (error != null || "error".equals(chunk.getString("object"))) {
      return broken(OpenAiErrors.inStream(error == null ? chunk : error));
    }
    JsonArray choices = chunk.getJsonArray("choices");
    if (choices == null || choices.isEmpty()) {
      return List.of();
    }
    JsonObject choice = choices.getJsonObject(0);
    if (choice == null) {
      return List.of();
    }
    JsonObject delta = choice.getJsonObject("delta");
    List<Decoded> out = new ArrayList<>(1);
    if (delta != null) {
      String text = thinking.feed(joined(delta.getString("content"), delta.getString("refusal")));
      if (!text.isEmpty()) {
        wrote = true;
        out.add(new Decoded.Text(text));
      }
      if (toolCalls(delta.getJsonArray("tool_calls"))) {
        out.add(new Decoded.Working());
      }
    }
    String reason = choice.getString("finish_reason");
    if (reason != null && !reason.isEmpty() && finish.isEmpty()) {
      finish = reason;
      if (reason.equals("error")) {
        return broken(OpenAiErrors.inStream(new JsonObject()));
      }
    }
    return out;
  }

  /** Whether there were any. */
  private boolean toolCalls(@Nullable JsonArray fragments) {
    if (fragments == null || fragments.isEmpty()) {
      return false;
    }
    for (int i = 0; i < fragments.size() && tools.size() < 64; i++) {
      JsonObject fragment = fragments.getJsonObject(i);
      if (fragment == null) {
        continue;
      }
      int index = fragment.getInteger("index", i);
      String id = joined(fragment.getString("id"), null);
      Fragments known = tools.get(index);
      if (known != null && !id.isEmpty() && !known.id.isEmpty() && !known.id.equals(id)) {
        // A server that counts every call as 0.
        index = tools.size();
      }
      Fragments call = tools.computeIfAbsent(index, key -> new Fragments());
      if (call.id.isEmpty()) {
        call.id = id;
      }
      JsonObject function = fragment.getJsonObject("function");
      if (function != null) {
        if (call.name.isEmpty()) {
          call.name = joined(function.getString("name"), null);
        }
        Object arguments = function.getValue("arguments");
        if (arguments != null && call.arguments.length() < 64 * 1024) {
          call.arguments.append(arguments instanceof JsonObject o ? o.encode() : arguments);
        }
      }
    }
    return true;
  }

  private List<Decoded> broken(Failure failure) {
    done = true;
    return List.of(new Decoded.Broken(failure));
  }

  private static String joined(@Nullable String first, @Nullable String second) {
    return (first == null ? "" : first) + (second == null ? "" : second);
  }
}
