package io.voiceagent.llm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Server-sent events from bytes cut anywhere: in a line, a character or a line end. Only the data of events is handed on.
 * UTF-8 is decoded per line, never per chunk.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
 */
public final class SseDecoder {
  /** More than any event; a peer that never ends its line must not fill the memory. */
  static final int MAX_LINE = 1 << 20;

  private final Consumer<String> data;
  private byte[] line = new byte[512];
  private int length;
  private boolean afterCarriageReturn;
  private final StringBuilder event = new StringBuilder();
  private boolean hasData;

  public SseDecoder(Consumer<String> data) {
    this.data = data;
  }

  /** @throws IllegalStateException when a line or an event is longer than 1 MiB */
  public void feed(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n') {
        if (!afterCarriageReturn) {
          line();
        }
        afterCarriageReturn = false;
      } else if (b == '\r') {
        line();
        afterCarriageReturn = true;
      } else {
        afterCarriageReturn = false;
        if (length == line.length) {
          grow();
        }
        line[length++] = b;
      }
    }
  }

  /** The peer is through: an event that lacks its blank line still counts. */
  public void end() {
    if (length > 0) {
      line();
    }
    dispatch();
  }

  private void line() {
    if (length == 0) {
      dispatch();
      return;
    }
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    length = 0;
    if (text.charAt(0) == '\uFEFF') {
      text = text.substring(1);
    }
    if (text.startsWith("data:")) {
      if (event.length() + text.length() > MAX_LINE) {
        throw new IllegalStateException("an event longer than " + MAX_LINE);
      }
      event
          .append(hasData ? "\n" : "")
          .append(text, text.startsWith("data: ") ? 6 : 5, text.length());
      hasData = true;
    } else if (text.startsWith("error:")) {
      // Not an event: how old llama.cpp servers report a failure in mid-stream.
      data.accept("{\"error\":" + text.substring(6).strip() + "}");
    }
  }

  private void dispatch() {
    if (hasData) {
      String text = event.toString();
      event.setLength(0);
      hasData = false;
      data.accept(text);
    }
  }

  private void grow() {
    if (length >= MAX_LINE) {
      throw new IllegalStateException("a line longer than " + MAX_LINE);
    }
    line = Arrays.copyOf(line, Math.min(MAX_LINE, line.length * 2));
  }
}
