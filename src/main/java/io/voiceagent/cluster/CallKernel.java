package io.voiceagent.cluster;

import static java.util.stream.Collectors.joining;

import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Message;
import io.voiceagent.call.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * What must survive the node that holds a call: little enough to be copied to another node after every turn.
 *
 * @param node who wrote it
 * @param history the dialogue, oldest first; of the agent's words those that were heard
 * @param unheard what the agent was saying and the caller had not heard yet
 * @param more the model had not written all of its answer; {@code unheard} is empty then
 * @param lastTurn number of the last utterance; the next ones go on from there
 * @param ended the call is over: do not bring it back
 * @param at when it was so, milliseconds since the epoch
 * @param ahead the first words of what was not heard then, as many as may be heard although nothing else is written;
 *     their times count from {@code at}
 * @param begun the last entry of {@code history} is what was heard of the same utterance
 * @param lastWords what the carrier is to say when the call is over; empty: nothing
 */
public record CallKernel(
    CallInfo info,
    String node,
    List<Message> history,
    String unheard,
    boolean more,
    int lastTurn,
    boolean ended,
    long at,
    List<Word> ahead,
    boolean begun,
    String lastWords) {
  /** More is no sentence that somebody says before hanging up. */
  static final int MAX_LAST_WORDS = 1000;

  /** Entries kept: what a model needs to go on, and no more. */
  public static final int MAX_HISTORY = 100;

  /** A kernel is written anew each second while the agent speaks. */
  public static final int RENEW_MS = 1000;

  /** More are not spoken until the next kernel is written. */
  static final int MAX_AHEAD = 100;

  public CallKernel {
    history = List.copyOf(
        history.size() > MAX_HISTORY
            ? history.subList(history.size() - MAX_HISTORY, history.size())
            : history);
    lastWords = lastWords.substring(0, Math.min(MAX_LAST_WORDS, lastWords.length()));
    ahead = List.copyOf(ahead.subList(0, Math.min(MAX_AHEAD, ahead.size())));
  }

  /**
   * As it was when the caller's stream broke: the carrier played on after this was written, so some of the words ahead
   * were heard. As good as the nodes' clocks agree.
   */
  public CallKernel heardUntil(long brokeMs) {
    int count = 0;
    while (count < ahead.size() && ahead.get(count).endMs() <= brokeMs - at) {
      count++;
    }
    if (count == 0) {
      return this;
    }
    String words = ahead.subList(0, count).stream().map(Word::text).collect(joining(" "));
    List<Message> heard = new ArrayList<>(history);
    boolean same = begun && heard.get(heard.size() - 1) instanceof Message.Assistant;
    if (same) {
      Message.Assistant said = (Message.Assistant) heard.remove(heard.size() - 1);
      words = said.text() + " " + words;
    }
    heard.add(new Message.Assistant(words, List.of()));
    String[] rest = unheard.strip().split("\\s+");
    return new CallKernel(
        info,
        node,
        heard,
        String.join(" ", List.of(rest).subList(Math.min(count, rest.length), rest.length)),
        more,
        lastTurn,
        ended,
        brokeMs,
        ahead.subList(count, ahead.size()),
        true,
        lastWords);
  }
}
