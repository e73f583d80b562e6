package io.voiceagent.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure;
import io.voiceagent.llm.SseDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams as servers write them, whole, byte by byte, and with the other line end. */
class WireTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "chat-answer | Café opens at 9 é. | finished",
        "chat-tool-calls | | finished order_status({\"phone\":\"1\"}) hours({})",
        "chat-cut-by-length | As I was | cut",
        "chat-error-in-stream | One mo | SERVER",
        "chat-truncated | One mo | TRUNCATED",
        "azure-filter-chunks | Hello. | finished",
        "azure-all-filtered | | BAD_REQUEST",
        "ollama-tool-call | | finished hours({\"day\":\"monday\"})",
        "openrouter-error | So | RATE_LIMIT",
        "vllm-error-then-done | | BAD_REQUEST",
        "llamacpp-raw-error | | SERVER",
        "llamacpp-no-end-mark | Yes. | finished",
        "groq-answer | Sure. | finished",
        "responses-answer | It is ready. | finished",
        "responses-tool-call | | finished order_status({\"phone\":\"1\"})",
        "responses-incomplete | As I was | cut",
        "responses-failed | | RATE_LIMIT",
        "responses-error | | OVERLOADED",
        "responses-error-wrapped | | BAD_REQUEST"
      })
  void isUnderstoodHoweverItIsCut(String file, String text, String end) throws IOException {
    byte[] stream = read(file);
    byte[] carriage = new String(stream, StandardCharsets.UTF_8)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
    String expected = Objects.requireNonNullElse(text, "") + " | " + end;

    assertThat(decoded(file, stream, stream.length)).isEqualTo(expected);
    assertThat(decoded(file, stream, 1)).as("byte by byte").isEqualTo(expected);
    assertThat(decoded(file, carriage, 7)).as("CRLF in sevens").isEqualTo(expected);
  }

  private static String decoded(String file, byte[] stream, int cut) {
    ReplyDecoder decoder = file.startsWith("responses") ? new ResponsesCodec() : new ChatCodec();
    List<Decoded> all = new ArrayList<>();
    SseDecoder sse = new SseDecoder(data -> all.addAll(decoder.event(data)));
    for (int at = 0; at < stream.length; at += cut) {
      sse.feed(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + cut)));
    }
    sse.end();
    all.addAll(decoder.end());
    StringBuilder text = new StringBuilder();
    List<String> ends = new ArrayList<>();
    for (Decoded one : all) {
      if (one instanceof Decoded.Text more) {
        text.append(more.text());
      } else if (one instanceof Decoded.Finished finished) {
        StringBuilder end = new StringBuilder(finished.truncated() ? "cut" : "finished");
        finished
            .toolCalls()
            .forEach(call -> end.append(" ")
                .append(call.name())
                .append("(")
                .append(call.arguments())
                .append(")"));
        ends.add(end.toString());
      } else if (one instanceof Decoded.Broken broken) {
        Failure failure = broken.failure();
        ends.add(failure.kind().name());
      }
    }
    return text + " | " + String.join(" and ", ends);
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in = WireTest.class.getResourceAsStream("/wire/openai/" + file + ".sse")) {
      return Objects.requireNonNull(in, file).readAllBytes();
    }
  }
}
