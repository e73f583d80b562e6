package io.voiceagent.turn;

import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.TurnId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The history sent to the model: what the caller said, and of the agent's words those that were heard. Valid for the
 * model's API under any interleaving: a tool call is always followed by its result. The oldest entries leave when it
 * grows too long.
 */
final class Dialogue {
  private static final int MAX_ENTRIES = 200;

  private final List<Message> standing;
  private final List<Message> entries = new ArrayList<>();
  /** Where the words of an interrupted utterance stand, until it is known what was heard. */
  private final Map<TurnId, Integer> open = new LinkedHashMap<>();

  Dialogue(String instructions) {
    standing = new ArrayList<>();
    if (!instructions.isBlank()) {
      standing.add(new Message.System(instructions));
    }
  }

  void context(String text) {
    standing.add(new Message.System(text));
  }

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

  void agent(String heard) {
    if (!heard.isBlank()) {
      add(new Message.Assistant(heard, List.of()));
    }
  }

  /** An interrupted utterance, with what is known to be heard; {@link #settle} may correct it once. */
  void interrupted(TurnId turn, String heard) {
    open.put(turn, entries.size());
    add(new Message.Assistant(heard, List.of()));
  }

  void settle(TurnId turn, String heard) {
    Integer at = open.remove(turn);
    if (at != null && at < entries.size()) {
      entries.set(at, new Message.Assistant(heard, List.of()));
    }
  }

  void toolCalls(String text, List<ToolCall> calls) {
    add(new Message.Assistant(text, calls));
  }

  /** Stands behind its call, whatever was said since; without a call there is nothing to answer. */
  void toolResult(ToolResult result) {
    for (int at = entries.size() - 1; at >= 0; at--) {
      if (entries.get(at) instanceof Message.Assistant said
          && said.toolCalls().stream().anyMatch(call -> call.id().equals(result.callId()))) {
        int behind = at + 1;
        while (behind < entries.size() && entries.get(behind) instanceof Message.Tool) {
          behind++;
        }
        int place = behind;
        open.replaceAll((turn, index) -> index >= place ? index + 1 : index);
        entries.add(place, new Message.Tool(result));
        return;
      }
    }
  }

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
      open.replaceAll((turn, at) -> at - removed);
      open.values().removeIf(at -> at < 0);
    }
  }
}
