package io.voiceagent.sim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a request amounts to for the simulated model: the words to answer, and the tool that they ask for.
 *
 * @param spoken words of the answer that were said already, when the model is told to go on with its own words
 * @param tool name of an offered tool that the caller named, or {@code end_call} for a goodbye; null: none
 */
record LlmRequest(String said, @Nullable String tool, int spoken, boolean stream, boolean usage) {

  /** @param chat a Chat Completions request; otherwise one of the Responses API */
  static LlmRequest read(JsonObject asked, boolean chat) {
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
        said = message.getString(chat ? "content" : "output", "");
        answersTool = true;
      }
    }
    JsonObject options = asked.getJsonObject("stream_options", new JsonObject());
    return new LlmRequest(
        said,
        answersTool ? null : tool(asked, said, chat),
        goesOn ? Modem.words(already).size() : 0,
        asked.getBoolean("stream", false),
        options.getBoolean("include_usage", false));
  }

  /** A tool's answer is spoken as it is; a goodbye is said beside the call of its tool. */
  String answer() {
    String answer = tool == null || tool.equals("end_call") ? SimulatedBrain.answer(said) : "";
    return spoken == 0 ? answer : rest(answer, spoken);
  }

  private static String rest(String answer, int words) {
    String left = answer;
    while (!left.isEmpty() && Modem.words(left).size() > Modem.words(answer).size() - words) {
      left = left.substring(1);
    }
    return left.strip();
  }

  /** JSON text, as the vendor writes it. */
  String arguments() {
    return new JsonObject().put("text", tool).encode();
  }

  private static @Nullable String tool(JsonObject asked, String said, boolean chat) {
    JsonArray tools = asked.getJsonArray("tools", new JsonArray());
    String wanted = null;
    for (int i = 0; i < tools.size(); i++) {
      JsonObject offered = tools.getJsonObject(i);
      String name = (chat ? offered.getJsonObject("function") : offered).getString("name", "");
      if (Modem.words(said).contains(name.replace("_", "-"))
          || name.equals("end_call") && Modem.words(said).contains("goodbye")) {
        wanted = name;
      }
    }
    return wanted;
  }
}
