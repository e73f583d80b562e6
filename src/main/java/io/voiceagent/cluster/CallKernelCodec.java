package io.voiceagent.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.Word;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Kernels to bytes and back. Read by the neighbouring releases too: fields are only added, and may be missing. */
final class CallKernelCodec {
  private CallKernelCodec() {}

  static byte[] encode(CallKernel kernel) {
    CallInfo info = kernel.info();
    JsonArray history = new JsonArray();
    kernel.history().forEach(message -> history.add(encode(message)));
    JsonArray ahead = new JsonArray();
    kernel
        .ahead()
        .forEach(word ->
            ahead.add(new JsonArray().add(word.text()).add(word.startMs()).add(word.endMs())));
    return new JsonObject()
        .put("call", info.id().value())
        .put("stream", info.streamSid())
        .put("direction", info.direction().name())
        .put("customer", info.customer())
        .put("agent", info.agent())
        .put("node", kernel.node())
        .put("history", history)
        .put("unheard", kernel.unheard())
        .put("more", kernel.more())
        .put("lastTurn", kernel.lastTurn())
        .put("ended", kernel.ended())
        .put("at", kernel.at())
        .put("ahead", ahead)
        .put("begun", kernel.begun())
        .put("lastWords", kernel.lastWords())
        .encode()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** @throws IllegalArgumentException when it is no kernel */
  static CallKernel decode(byte[] bytes) {
    try {
      return kernel(bytes);
    } catch (RuntimeException e) {
      // A field of another type, a missing or an unknown one: all the same to who asked.
      throw new IllegalArgumentException("not the kernel of a call", e);
    }
  }

  private static CallKernel kernel(byte[] bytes) {
    JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
    List<Message> history = new ArrayList<>();
    for (Object entry : json.getJsonArray("history", new JsonArray())) {
      history.add(decode((JsonObject) entry));
    }
    List<Word> ahead = new ArrayList<>();
    for (Object entry : json.getJsonArray("ahead", new JsonArray())) {
      JsonArray word = (JsonArray) entry;
      ahead.add(new Word(word.getString(0), word.getInteger(1), word.getInteger(2)));
    }
    return new CallKernel(
        new CallInfo(
            new CallId(json.getString("call")),
            json.getString("stream", ""),
            CallInfo.Direction.valueOf(json.getString("direction", "INBOUND")),
            json.getString("customer", ""),
            json.getString("agent", "")),
        json.getString("node", ""),
        history,
        json.getString("unheard", ""),
        json.getBoolean("more", false),
        json.getInteger("lastTurn", 0),
        json.getBoolean("ended", false),
        json.getLong("at", 0L),
        ahead,
        json.getBoolean("begun", false),
        json.getString("lastWords", ""));
  }

  private static JsonObject encode(Message message) {
    JsonObject json = new JsonObject();
    if (message instanceof Message.System system) {
      return json.put("system", system.text());
    } else if (message instanceof Message.User user) {
      return json.put("user", user.text());
    } else if (message instanceof Message.Assistant said) {
      JsonArray calls = new JsonArray();
      said.toolCalls()
          .forEach(call -> calls.add(new JsonObject()
              .put("id", call.id())
              .put("name", call.name())
              .put("arguments", call.arguments())));
      return json.put("assistant", said.text()).put("calls", calls).put("unheard", said.unheard());
    }
    ToolResult result = ((Message.Tool) message).result();
    return json.put("tool", result.callId())
        .put("name", result.name())
        .put("content", result.content())
        .put("failed", result.failed());
  }

  private static Message decode(JsonObject json) {
    if (json.containsKey("system")) {
      return new Message.System(json.getString("system"));
    } else if (json.containsKey("user")) {
      return new Message.User(json.getString("user"));
    } else if (json.containsKey("tool")) {
      return new Message.Tool(new ToolResult(
          json.getString("tool"),
          json.getString("name", ""),
          json.getString("content", ""),
          json.getBoolean("failed", false)));
    }
    List<ToolCall> calls = new ArrayList<>();
    for (Object entry : json.getJsonArray("calls", new JsonArray())) {
      JsonObject call = (JsonObject) entry;
      calls.add(new ToolCall(
          call.getString("id", ""), call.getString("name", ""), call.getString("arguments", "")));
    }
    return new Message.Assistant(
        json.getString("assistant", ""), calls, json.getString("unheard", ""));
  }
}
