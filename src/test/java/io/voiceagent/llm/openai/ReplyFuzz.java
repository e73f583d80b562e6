package io.voiceagent.llm.openai;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The events of a model's answer, one a line: text, one end, and nothing after it. */
public final class ReplyFuzz {
  private ReplyFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    read(new ChatCodec(), text);
    read(new ResponsesCodec(), text);
    OpenAiErrors.ofResponse("openai", 429, text, header -> text);
  }

  private static void read(ReplyDecoder decoder, String text) {
    boolean over = false;
    for (String line : text.split("\n")) {
      over = check(decoder.event(line), over);
    }
    check(decoder.end(), over);
  }

  private static boolean check(List<Decoded> events, boolean over) {
    boolean ended = over;
    for (Decoded event : events) {
      if (ended) {
        throw new AssertionError("after its end: " + event);
      }
      ended = event instanceof Decoded.Finished || event instanceof Decoded.Broken;
    }
    return ended;
  }
}
