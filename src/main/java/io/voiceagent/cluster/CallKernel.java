package io.voiceagent.cluster;

import io.voiceagent.call.CallInfo;
import io.voiceagent.call.Message;
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
 */
public record CallKernel(
    CallInfo info,
    String node,
    List<Message> history,
    String unheard,
    boolean more,
    int lastTurn,
    boolean ended) {
  /** Entries kept: what a model needs to go on, and no more. */
  public static final int MAX_HISTORY = 100;

  public CallKernel {
    history = List.copyOf(
        history.size() > MAX_HISTORY
            ? history.subList(history.size() - MAX_HISTORY, history.size())
            : history);
  }
}
