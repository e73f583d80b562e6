package io.voiceagent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model's server may write, and what it means. */
class CodecTest {
  @Test
  void textComesVerbatimAndTheEndIsKnown() {
    assertThat(chat(
            "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}",
            "{\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}",
            "{\"choices\":[{\"delta\":{\"content\":\"lo \"}}]}",
            "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
            "{\"choices\":[],\"usage\":{\"total_tokens\":3}}",
            "[DONE]"))
        .containsExactly(
            new Decoded.Text("Hel"),
            new Decoded.Text("lo "),
            new Decoded.Finished(List.of(), false));
  }

  @Test
  void toolCallsAreJoinedByIndex() {
    assertThat(chat(
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":\"}}]}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}}]}",
            "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
            "[DONE]"))
        .containsExactly(new Decoded.Finished(
            List.of(new ToolCall("a", "f", "{\"x\":1}"), new ToolCall("b", "g", "{}")), false));
  }

  @Test
  void aServerThatCountsEveryCallAsTheFirstIsUnderstood() {
    assertThat(chat(
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}]}}]}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"b\",\"function\":{\"name\":\"g\"}}]},\"finish_reason\":\"tool_calls\"}]}",
            "[DONE]"))
        .containsExactly(new Decoded.Finished(
            List.of(new ToolCall("a", "f", "{\"x\":1}"), new ToolCall("b", "g", "{}")), false));
  }

  @Test
  void aCutToolCallIsNotRun() {
    assertThat(chat(
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}}]},\"finish_reason\":\"length\"}]}",
            "[DONE]"))
        .containsExactly(new Decoded.Finished(List.of(), true));
  }

  @Test
  void aStreamThatStopsIsNotAnAnswer() {
    assertThat(kindOf(chat("{\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}")))
        .isEqualTo(Failure.Kind.TRUNCATED);
    assertThat(kindOf(responses("{\"type\":\"response.output_text.delta\",\"delta\":\"Hel\"}")))
        .isEqualTo(Failure.Kind.TRUNCATED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}} | SERVER",
        "{\"error\":\"text\"} | SERVER",
        "{\"error\":{\"code\":429,\"type\":\"rate_limit_error\"}} | RATE_LIMIT",
        "{\"error\":{\"type\":\"insufficient_quota\"}} | OUT_OF_MONEY",
        "{\"object\":\"error\",\"message\":\"m\"} | SERVER",
        "{\"choices\":[{\"finish_reason\":\"error\"}],\"error\":{\"code\":500}} | SERVER",
        "{\"choices\":7} | PROTOCOL",
        "not json | PROTOCOL"
      })
  void anErrorWithinTheStreamIsFound(String event, Failure.Kind kind) {
    assertThat(kindOf(chat(event, "[DONE]"))).isEqualTo(kind);
  }

  @Test
  void reasoningIsNeverSpokenHoweverItIsCut() {
    String text = "<think>Let me see: 1 < 2 </think>The answer is <b>4</b>.";
    for (int cut = 1; cut < text.length(); cut++) {
      ThinkFilter filter = new ThinkFilter();
      String out =
          filter.feed(text.substring(0, cut)) + filter.feed(text.substring(cut)) + filter.rest();
      assertThat(out).isEqualTo("The answer is <b>4</b>.");
    }
  }

  @Test
  void theResponsesApiIsReadByItsTypes() {
    assertThat(responses(
            "{\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}",
            "{\"type\":\"keepalive\",\"sequence_number\":1}",
            "{\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}",
            "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"id\":\"fc\",\"call_id\":\"call\",\"name\":\"f\",\"arguments\":\"{}\",\"status\":\"completed\"}}",
            "{\"type\":\"response.completed\",\"response\":{\"usage\":{}}}"))
        .containsExactly(
            new Decoded.Text("Hi"),
            new Decoded.Finished(List.of(new ToolCall("call", "f", "{}")), false));
    assertThat(kindOf(
            responses("{\"type\":\"error\",\"code\":\"server_is_overloaded\",\"message\":\"m\"}")))
        .isEqualTo(Failure.Kind.OVERLOADED);
  }

  @ParameterizedTest
  @CsvSource({
    "401, '', UNAUTHORIZED",
    "403, '', UNAUTHORIZED",
    "429, rate_limit_exceeded, RATE_LIMIT",
    "429, credit_balance_exhausted, OUT_OF_MONEY",
    "429, project_spend_limit_exceeded, OUT_OF_MONEY",
    "402, '', OUT_OF_MONEY",
    "400, '', BAD_REQUEST",
    "404, model_not_found, BAD_REQUEST",
    "500, '', SERVER",
    "503, server_is_overloaded, SERVER",
    "408, '', SERVER"
  })
  void statusesSayWhetherAnotherAttemptMayHelp(int status, String code, Failure.Kind kind) {
    String body = "{\"error\":{\"message\":\"what the caller said\",\"type\":\"t\",\"code\":\""
        + code + "\"}}";
    Failure failure = OpenAiErrors.ofResponse(
        "openai", status, body, name -> name.equals("Retry-After") ? "1.5" : null);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.detail()).doesNotContain("what the caller said");
    assertThat(failure.retryAfterMs()).isEqualTo(kind.retryable() ? 1500 : 0);
  }

  @Test
  void requestsAreValidForBothApis() {
    List<Message> dialogue = List.of(
        new Message.System("Be kind."),
        new Message.User("Is it ready?"),
        new Message.Assistant("", List.of(new ToolCall("c1", "status", "{}"))),
        new Message.Tool(new ToolResult("c1", "status", "ready", false)));
    List<ToolSpec> tools = List.of(new ToolSpec("status", "Looks it up", "{\"type\":\"object\"}"));

    JsonObject chat = ChatCodec.request(options(Map.of()), dialogue, tools);
    assertThat(chat.getJsonArray("messages").getJsonObject(2).getJsonArray("tool_calls"))
        .hasSize(1);
    assertThat(chat.getJsonArray("messages").getJsonObject(2).getValue("content"))
        .isNull();
    assertThat(chat.getJsonArray("messages").getJsonObject(3).getString("tool_call_id"))
        .isEqualTo("c1");
    assertThat(chat.getString("reasoning_effort")).as("tools need it said").isEqualTo("none");
    assertThat(chat.getInteger("max_completion_tokens")).isEqualTo(150);

    JsonObject compatible = ChatCodec.request(
        options(Map.of("x.url", "http://127.0.0.1:8000/v1", "x.model", "llama")),
        dialogue,
        List.of());
    assertThat(compatible.fieldNames())
        .contains("max_tokens")
        .doesNotContain("reasoning_effort", "store", "max_completion_tokens", "tools");

    JsonObject responses = ResponsesCodec.request(options(Map.of()), dialogue, tools);
    assertThat(responses.getString("instructions")).isEqualTo("Be kind.");
    assertThat(responses.getJsonArray("input")).hasSize(3);
    assertThat(responses.getJsonArray("tools").getJsonObject(0).getString("name"))
        .isEqualTo("status");
  }

  @Test
  void mutilatedEventsAreDecodedOrOneDeclaredFailure() {
    String good =
        "{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\",\"tool_calls\":[{\"index\":0,"
            + "\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":null}],\"usage\":null}";
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder event = new StringBuilder(good);
      for (int n = random.nextInt(4) + 1; n > 0; n--) {
        int at = random.nextInt(event.length());
        switch (random.nextInt(3)) {
          case 0 -> event.deleteCharAt(at);
          case 1 -> event.setCharAt(at, (char) random.nextInt(128));
          default -> event.insert(at, "\"{}[]:,0".charAt(random.nextInt(8)));
        }
      }
      ChatCodec codec = new ChatCodec();
      codec.event(event.toString());
      codec.end();
      ResponsesCodec other = new ResponsesCodec();
      other.event(event.toString());
      other.end();
    }
  }

  private static OpenAiOptions options(Map<String, String> more) {
    Map<String, String> settings = new java.util.HashMap<>(more);
    settings.put("x.apiKey", "k");
    return OpenAiOptions.from(Settings.of(settings), "openai", "x");
  }

  private static List<Decoded> chat(String... events) {
    return decode(new ChatCodec(), events);
  }

  private static List<Decoded> responses(String... events) {
    return decode(new ResponsesCodec(), events);
  }

  private static List<Decoded> decode(ReplyDecoder decoder, String... events) {
    List<Decoded> all = new ArrayList<>();
    for (String event : events) {
      all.addAll(decoder.event(event));
    }
    all.addAll(decoder.end());
    all.removeIf(Decoded.Working.class::isInstance);
    return all;
  }

  private static Failure.Kind kindOf(List<Decoded> decoded) {
    return ((Decoded.Broken) decoded.get(decoded.size() - 1)).failure().kind();
  }
}
