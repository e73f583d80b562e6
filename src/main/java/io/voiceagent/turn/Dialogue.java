package io.voiceagent.turn;

import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.TurnId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The history sent to the model: what the caller said, and of the agent's words those that were heard, with the rest
 * beside them. Valid for the model's API under any interleaving: a tool call is always followed by its result. The oldest
 * entries leave when it grows too long.
 */
final class Dialogue {
  private static final int MAX_ENTRIES = 200;

  /** An utterance's entry, whose words may still change. {@code before}: what an earlier part of it said. */
  private record Place(int at, String before) {}

  private final List<Message> standing;
  private final List<Message> entries = new ArrayList<>();
  private final Map<TurnId, Place> open = new HashMap<>();

  Dialogue(String instructions) {
    standing = new ArrayList<>();
    if (!instructions.isBlank()) {
      standing.add(new Message.System(instructions));
    }
  }

  void context(String text) {
    standing.add(new Message.System(text));
  }

  /** What another node had. */
  void restore(List<Message> history) {
    history.forEach(this::add);
  }

  // ---- the caller

  void user(String text) {
    add(new Message.User(text));
  }

  /** Removes the caller's last words, which are not answered and about to grow. False when they are not the last. */
  boolean takeBack(String text) {
    int at = entries.size() - 1;
    if (at >= 0 && entries.get(at) instanceof Message.User user && user.text().equals(text)) {
      entries.remove(at);
      return true;
    }
    return false;
  }

  /** The caller's last words were understood wrongly. Answers all of them as they are now; empty: not found. */
  String correct(String wrong, String right) {
    for (int at = entries.size() - 1; at >= 0; at--) {
      if (entries.get(at) instanceof Message.User user) {
        int from = user.text().lastIndexOf(wrong);
        if (from < 0) {
          return "";
        }
        String said = user.text().substring(0, from)
            + right.strip()
            + user.text().substring(from + wrong.length());
        entries.set(at, new Message.User(said));
        return said;
      }
    }
    return "";
  }

  // ---- the agent

  void agent(String heard) {
    if (!heard.isBlank()) {
      add(new Message.Assistant(heard, List.of()));
    }
  }

  /** The rest of an utterance that was cut for nothing: one message with what was heard of it before. */
  void agentWentOn(String heard) {
    int at = entries.size() - 1;
    if (at >= 0
        && entries.get(at) instanceof Message.Assistant said
        && said.toolCalls().isEmpty()) {
      entries.set(at, new Message.Assistant((said.text() + " " + heard).strip(), List.of()));
    } else {
      agent(heard);
    }
  }

  /** What the agent said with the tools that it asked for; how much of it is heard will be told. */
  void toolCalls(TurnId turn, String text, List<ToolCall> calls) {
    add(new Message.Assistant(text, calls));
    open.put(turn, new Place(entries.size() - 1, ""));
  }

  /** Heard to its end. */
  void heardAll(TurnId turn) {
    open.remove(turn);
  }

  /** An utterance was cut, with what is known to be heard; {@link #settle} may correct it once. */
  void cut(TurnId turn, String heard, String unheard) {
    if (!open.containsKey(turn)) {
      add(new Message.Assistant("", List.of()));
      open.put(turn, new Place(entries.size() - 1, ""));
    }
    write(turn, heard, unheard);
  }

  /** The rest of a cut utterance was cut again. */
  void cutAgain(TurnId turn, String heard, String unheard) {
    int at = entries.size() - 1;
    if (at >= 0
        && entries.get(at) instanceof Message.Assistant said
        && said.toolCalls().isEmpty()) {
      open.put(turn, new Place(at, said.text()));
    }
    cut(turn, heard, unheard);
  }

  void settle(TurnId turn, String heard, String unheard) {
    write(turn, heard, unheard);
    open.remove(turn);
  }

  private void write(TurnId turn, String heard, String unheard) {
    Place place = open.get(turn);
    if (place != null && entries.get(place.at()) instanceof Message.Assistant said) {
      String all = (place.before() + " " + heard).strip();
      entries.set(place.at(), new Message.Assistant(all, said.toolCalls(), unheard));
    }
  }

  /** Stands behind its call, whatever was said since, and replaces an earlier one; without a call there is nothing to answer. */
  void toolResult(ToolResult result) {
    for (int at = entries.size() - 1; at >= 0; at--) {
      if (entries.get(at) instanceof Message.Assistant said
          && said.toolCalls().stream().anyMatch(call -> call.id().equals(result.callId()))) {
        answer(at + 1, result);
        return;
      }
    }
  }

  private void answer(int from, ToolResult result) {
    int place = from;
    while (place < entries.size() && entries.get(place) instanceof Message.Tool tool) {
      if (tool.result().callId().equals(result.callId())) {
        entries.set(place, new Message.Tool(result));
        return;
      }
      place++;
    }
    int at = place;
    open.replaceAll((turn, of) -> of.at() >= at ? new Place(of.at() + 1, of.before()) : of);
    entries.add(at, new Message.Tool(result));
  }

  // ---- all of it

  /** What the model is asked to continue. */
  List<Message> messages() {
    List<Message> all = new ArrayList<>(standing);
    for (Message entry : entries) {
      boolean empty = entry instanceof Message.Assistant said
          && said.text().isBlank()
          && said.toolCalls().isEmpty();
      if (!empty) {
        all.add(entry);
      }
    }
    return all;
  }

  /** The same, with one more message that is not kept. */
  List<Message> messagesWith(Message more) {
    List<Message> all = messages();
    all.add(more);
    return all;
  }

  /** Without the standing instructions; for a view and for a node that takes the call over. */
  List<Message> entries() {
    return List.copyOf(entries);
  }

  private void add(Message message) {
    entries.add(message);
    if (entries.size() > MAX_ENTRIES) {
      // A result must not outlive its call: cut at the next word of the caller.
      int cut = 1;
      while (cut < entries.size() - 1 && !(entries.get(cut) instanceof Message.User)) {
        cut++;
      }
      int removed = cut;
      entries.subList(0, removed).clear();
      open.replaceAll((turn, of) -> new Place(of.at() - removed, of.before()));
      open.values().removeIf(of -> of.at() < 0);
    }
  }
}
