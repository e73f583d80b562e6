package io.voiceagent.conversation;

import io.voiceagent.turn.TurnMachine;
import java.util.ArrayList;
import java.util.List;

/** A recorded call, decided anew: every difference between what was decided then and now. */
public final class Replay {
  /**
   * One event, what was decided on it when it was recorded, and what is decided now; times count from the call's start.
   *
   * @param line of the log, from 1
   * @param state of the machine behind it
   */
  public record Step(
      int line,
      String time,
      String event,
      List<String> recorded,
      List<String> decided,
      String state) {
    public boolean same() {
      return recorded.equals(decided);
    }

    /** What was recorded and is not decided any more; in order, each as often as it is missing. */
    public List<String> missing() {
      return without(recorded, decided);
    }

    /** What is decided now and was not recorded. */
    public List<String> added() {
      return without(decided, recorded);
    }

    private static List<String> without(List<String> all, List<String> known) {
      List<String> rest = new ArrayList<>(all);
      known.forEach(rest::remove);
      return rest;
    }
  }

  private Replay() {}

  /**
   * Lines that begin with {@code #} are remarks for people.
   *
   * @param lines of a {@code *.call.jsonl}
   * @throws IllegalArgumentException when they are none; it names the line
   */
  public static List<Step> of(List<String> lines) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("an empty call log");
    }
    try {
      return replayed(lines);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // JSON that reads as a line but lacks what the machine needs fails anywhere within it.
      throw new IllegalArgumentException("not a call log: " + e.getMessage(), e);
    }
  }

  private static List<Step> replayed(List<String> lines) {
    CallLogCodec.Header header = read(lines, 0, CallLogCodec.Header.class);
    if (header.version() != CallLogCodec.VERSION) {
      throw new IllegalArgumentException("a call log of version " + header.version());
    }
    TurnMachine machine = new TurnMachine(header.options());
    machine.context(header.context());
    List<Step> steps = new ArrayList<>();
    long start = 0;
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank() || lines.get(i).startsWith("#")) {
        continue;
      }
      CallLogCodec.Decision recorded = read(lines, i, CallLogCodec.Decision.class);
      start = steps.isEmpty() ? recorded.event().at() : start;
      List<String> decided = CallTime.texts(machine.on(recorded.event()), start);
      steps.add(new Step(
          i + 1,
          CallTime.of(recorded.event().at(), start),
          CallTime.text(recorded.event(), start),
          CallTime.texts(recorded.effects(), start),
          decided,
          machine.state()));
    }
    return steps;
  }

  private static <T> T read(List<String> lines, int index, Class<T> type) {
    try {
      return CallLogCodec.read(lines.get(index), type);
    } catch (IllegalArgumentException e) {
      String cut = index == lines.size() - 1 ? " (the last; was the service killed?)" : "";
      throw new IllegalArgumentException("line " + (index + 1) + cut + ": " + e.getMessage(), e);
    }
  }
}
