package io.voiceagent.sim;

import java.util.List;

/**
 * What a simulated caller experienced.
 *
 * @param problem empty when the call ran as scripted
 * @param connectMs from the call to its media socket; -1 when there was none
 * @param reconnects how often the carrier went back to the webhook
 * @param warnings messages of the service that the carrier would warn about
 * @param gaps pauses within an answer because its audio came too late
 */
public record CallResult(
    String callSid,
    String greeting,
    List<Turn> turns,
    int gaps,
    long longestGapMs,
    int garbled,
    String problem,
    double connectMs,
    int reconnects,
    long framesReceived,
    List<String> warnings) {

  /**
   * One line and its answer.
   *
   * @param firstAudioMs last voiced frame sent to first audio received; -1 without an answer
   * @param reactionMs for a line that interrupted: its first frame sent to {@code clear} received; -1 otherwise
   * @param lost words of the expected answer that were not heard, though later ones were, or its end was awaited
   * @param late words of an answer to another line of this caller
   * @param foreign words of no answer to this caller
   */
  public record Turn(
      String said,
      String heard,
      double firstAudioMs,
      double reactionMs,
      boolean interrupted,
      int words,
      int lost,
      int doubled,
      int reordered,
      int late,
      int foreign) {

    public boolean answered() {
      return firstAudioMs >= 0;
    }

    public int defects() {
      return lost + doubled + reordered + late + foreign;
    }
  }

  public CallResult {
    turns = List.copyOf(turns);
    warnings = List.copyOf(warnings);
  }

  public boolean good() {
    return problem.isEmpty() && turns.stream().allMatch(Turn::answered);
  }

  public int defects() {
    return turns.stream().mapToInt(Turn::defects).sum();
  }
}
