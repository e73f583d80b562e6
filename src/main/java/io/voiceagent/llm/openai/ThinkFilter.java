package io.voiceagent.llm.openai;

/** Removes {@code <think>...</think>} from text that comes in pieces: some models reason aloud, and it is never spoken. */
final class ThinkFilter {
  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  private final StringBuilder held = new StringBuilder();
  private boolean inside;

  /** The part of {@code text}, and of what was held back, that may be spoken now. */
  String feed(String text) {
    if (!inside && held.length() == 0 && text.indexOf('<') < 0) {
      return text;
    }
    held.append(text);
    StringBuilder out = new StringBuilder();
    while (true) {
      String tag = inside ? CLOSE : OPEN;
      int at = held.indexOf(tag);
      if (at >= 0) {
        if (!inside) {
          out.append(held, 0, at);
        }
        held.delete(0, at + tag.length());
        inside = !inside;
        continue;
      }
      int keep = partial(tag);
      if (!inside) {
        out.append(held, 0, held.length() - keep);
      }
      held.delete(0, held.length() - keep);
      return out.toString();
    }
  }

  /** What was held back in case a tag should come of it. */
  String rest() {
    String rest = inside ? "" : held.toString();
    held.setLength(0);
    return rest;
  }

  /** Length of the longest end of what is held that begins {@code tag}. */
  private int partial(String tag) {
    for (int length = Math.min(tag.length() - 1, held.length()); length > 0; length--) {
      if (tag.startsWith(held.substring(held.length() - length))) {
        return length;
      }
    }
    return 0;
  }
}
