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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Responses API, streaming.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">the events</a>
 */
final class ResponsesCodec implements ReplyDecoder {
  private final List<ToolCall> calls = new ArrayList<>();
  private boolean done;

  static JsonObject request(OpenAiOptions options, List<Message> dialogue, List<ToolSpec> tools) {
    StringBuilder instructions = new StringBuilder();
    JsonArray input = new JsonArray();
    for (Message message : dialogue) {
      if (message instanceof Message.System system) {
        instructions.append(instructions.length() == 0 ? "" : "\n").append(system.text());
      } else if (message instanceof Message.User user) {
        input.add(new JsonObject().put("role", "user").put("content", user.text()));
      } else if (message instanceof Message.Assistant said) {
        if (!said.text().isBlank()) {
          input.add(new JsonObject().put("role", "assistant").put("content", said.text()));
        }
        for (ToolCall call : said.toolCalls()) {
          input.add(new JsonObject()
              .put("type", "function_call")
              .put("call_id", call.id())
              .put("name", call.name())
              .put("arguments", call.arguments()));
        }
      } else if (message instanceof Message.Tool tool) {
        input.add(new JsonObject()
            .put("type", "function_call_output")
            .put("call_id", tool.result().callId())
            .put("output", tool.result().content()));
      }
    }
    JsonObject request = new JsonObject()
        .put("model", options.model())
        .put("stream", true)
        .put("store", false)
        .put("instructions", instructions.toString())
        .put("input", input)
        .put("max_output_tokens", options.maxOutputTokens());
    if (!options.effort().isEmpty()) {
      request.put("reasoning", new JsonObject().put("effort", options.effort()));
    }
    if (!tools.isEmpty()) {
      JsonArray array = new JsonArray();
      tools.forEach(tool -> array.add(new JsonObject()
          .put("type", "function")
          .put("name", tool.name())
          .put("description", tool.description())
          .put("parameters", new JsonObject(tool.parameters()))));
      request.put("tools", array);
    }
    return request;
  }

  @Override
  public List<Decoded> event(String data) {
    if (done || data.strip().equals("[DONE]") || OpenAiErrors.keepAlive(data)) {
      return List.of();
    }
    try {
      return event(new JsonObject(data));
    } catch (DecodeException | ClassCastException e) {
      done = true;
      return List.of(new Decoded.Broken(new Failure(
          Failure.Stage.LLM, Failure.Kind.PROTOCOL, "an event that is not of the Responses API")));
    }
  }

  /** Never before its last event, which ends the answer at once. */
  @Override
  public boolean answered() {
    return false;
  }

  @Override
  public List<Decoded> end() {
    if (done) {
      return List.of();
    }
    done = true;
    return List.of(new Decoded.Broken(new Failure(
        Failure.Stage.LLM, Failure.Kind.TRUNCATED, "the stream ended before the answer did")));
  }

  private List<Decoded> event(JsonObject event) {
    switch (Objects.requireNonNullElse(event.getString("type"), "")) {
      case "response.output_text.delta", "response.refusal.delta" -> {
        String delta = event.getString("delta");
        return delta == null || delta.isEmpty() ? List.of() : List.of(new Decoded.Text(delta));
      }
      case "response.function_call_arguments.delta" -> {
        return List.of(new Decoded.Working());
      }
      case "response.output_item.done" -> {
        return item(event.getJsonObject("item"));
      }
      case "response.completed" -> {
        return finished(false);
      }
      case "response.incomplete" -> {
        return finished(true);
      }
      case "response.failed" -> {
        JsonObject response = event.getJsonObject("response");
        Object error = response == null ? null : response.getValue("error");
        return broken(error == null ? new JsonObject() : error);
      }
      case "error" -> {
        // Flat as documented, or wrapped as some gateways and the socket mode do.
        return broken(event.getValue("error") instanceof JsonObject wrapped ? wrapped : event);
      }
      default -> {
        Object error = event.getValue("error");
        return error == null ? List.of() : broken(error);
      }
    }
  }

  private List<Decoded> item(@Nullable JsonObject item) {
    if (item != null
        && "function_call".equals(item.getString("type"))
        && "completed".equals(item.getString("status", "completed"))
        && calls.size() < 64) {
      String arguments = Objects.requireNonNullElse(item.getString("arguments"), "");
      calls.add(new ToolCall(
          Objects.requireNonNullElse(item.getString("call_id"), "call_" + calls.size()),
          Objects.requireNonNullElse(item.getString("name"), ""),
          arguments.isEmpty() ? "{}" : arguments));
      return List.of(new Decoded.Working());
    }
    return List.of();
  }

  private List<Decoded> finished(boolean truncated) {
    done = true;
    return List.of(new Decoded.Finished(truncated ? List.of() : calls, truncated));
  }

  private List<Decoded> broken(Object error) {
    done = true;
    return List.of(new Decoded.Broken(OpenAiErrors.inStream(error)));
  }
}
