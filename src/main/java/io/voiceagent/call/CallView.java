package io.voiceagent.call;

import java.util.List;
import java.util.Map;

/**
 * A running call as an operator may see it: no words, no full numbers.
 *
 * @param customer masked, see {@link CallInfo#maskedCustomer()}
 * @param node the node that runs it
 * @param runningMs since its stream opened
 * @param state who has the floor, in one word
 * @param turnCount user's turns so far, more than {@code turns} holds
 * @param turns the latest ones, oldest first
 */
public record CallView(
    CallId id,
    CallInfo.Direction direction,
    String customer,
    String node,
    long runningMs,
    String state,
    int turnCount,
    List<TurnView> turns) {

  /** Turns kept for a view. */
  public static final int MAX_TURNS = 20;

  public CallView {
    turns = List.copyOf(turns);
  }

  /**
   * A user's turn and where its wait went.
   *
   * @param turn its {@link TurnId}, as log and trace name it
   * @param outcome label of {@link TurnOutcome}, or {@code running}
   * @param timeToFirstAudioMs 0 while there was none
   * @param stagesMs milliseconds by label of {@link TurnTimeline.Stage}; empty while there was no audio
   */
  public record TurnView(
      int turn, String outcome, double timeToFirstAudioMs, Map<String, Double> stagesMs) {
    public TurnView {
      stagesMs = Map.copyOf(stagesMs);
    }
  }
}
