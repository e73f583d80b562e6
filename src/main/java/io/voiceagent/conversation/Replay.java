package io.voiceagent.conversation;

import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnMachine;
import java.util.ArrayList;
import java.util.List;

/** A recorded call, decided anew: every difference between what was decided then and now. */
public final class Replay {
  /** One event, what was decided on it when it was recorded, and what is decided now. */
  public record Step(String event, List<String> recorded, List<String> decided, String state) {
    public boolean same() {
      return recorded.equals(decided);
    }
  }

  private Replay() {}

  /**
   * Lines that begin with {@code #} are remarks for people.
   *
   * @param lines of a {@code *.call.jsonl}
   * @throws IllegalArgumentException when they are none
   */
  public static List<Step> of(List<String> lines) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("an empty call log");
    }
    try {
      return replayed(lines);
    } catch (RuntimeException e) {
      // JSON that reads as a line but lacks what the machine needs fails anywhere within it.
      throw new IllegalArgumentException("not a call log: " + e.getMessage(), e);
    }
  }

  private static List<Step> replayed(List<String> lines) {
    CallLogCodec.Header header = CallLogCodec.read(lines.get(0), CallLogCodec.Header.class);
    if (header.version() != CallLogCodec.VERSION) {
      throw new IllegalArgumentException("a call log of version " + header.version());
    }
    TurnMachine machine = new TurnMachine(header.options());
    machine.context(header.context());
    List<Step> steps = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      CallLogCodec.Decision recorded = CallLogCodec.read(line, CallLogCodec.Decision.class);
      List<String> decided =
          machine.on(recorded.event()).stream().map(TurnEffect::toString).toList();
      steps.add(
          new Step(recorded.event().toString(), recorded.effects(), decided, machine.state()));
    }
    return steps;
  }
}
