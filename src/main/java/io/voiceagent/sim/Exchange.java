package io.voiceagent.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A line of the caller and what is heard of its answer; before the first line, the greeting. */
final class Exchange {
  private final CallerEar ear;
  private final String said;
  private final List<String> expected;
  private final Set<String> own;
  private final boolean interrupting;
  private final long begunAt = System.nanoTime();
  private int heardBefore;
  private long firstAudioAt;
  private double reactionMs = -1;

  private Exchange(
      CallerEar ear, String said, List<String> expected, Set<String> own, boolean interrupting) {
    this.ear = ear;
    this.said = said;
    this.expected = expected;
    this.own = own;
    this.interrupting = interrupting;
    this.heardBefore = ear.heard().size();
  }

  /** Before the first line. */
  static Exchange greeting(CallerEar ear) {
    return new Exchange(ear, "", List.of(), Set.of(), false);
  }

  /**
   * The caller begins to say {@code line}.
   *
   * @param own words of all answers to this caller
   * @param interrupting into the answer before
   */
  static Exchange of(CallerEar ear, String line, Set<String> own, boolean interrupting) {
    return new Exchange(ear, line, Modem.words(SimulatedBrain.answer(line)), own, interrupting);
  }

  /** Words heard since it began. */
  int heard() {
    return ear.heard().size() - heardBefore;
  }

  String text() {
    return ear.text(heardBefore);
  }

  boolean answerBegan() {
    return firstAudioAt != 0;
  }

  /** Some words of the answer were heard, and others not yet. */
  boolean midAnswer() {
    int words = heard();
    return words > 0 && words < expected.size();
  }

  /** Enough words, the last of them the answer's last: other words may have come between. */
  boolean complete() {
    List<ModemDecoder.Heard> all = ear.heard();
    return heard() >= expected.size()
        && (expected.isEmpty()
            || all.get(all.size() - 1).word().equals(expected.get(expected.size() - 1)));
  }

  /** The agent sent something while the caller was speaking, or not. Returns whether it came behind its clear. */
  boolean media(byte[] mulaw, boolean speaking) {
    if (speaking) {
      return interrupting && reactionMs >= 0 && CallerEar.sounding(mulaw);
    }
    boolean old = interrupting && reactionMs < 0;
    if (firstAudioAt == 0 && !old && CallerEar.sounding(mulaw)) {
      firstAudioAt = System.nanoTime();
    }
    return false;
  }

  void clear() {
    if (interrupting && reactionMs < 0) {
      reactionMs = (System.nanoTime() - begunAt) / 1e6;
      // What was heard up to here belongs to the answer that was cut off.
      heardBefore = ear.heard().size();
    }
  }

  /** What became of it. {@code lastVoiceAt}: when the caller's last voiced frame went out. */
  CallResult.Turn turn(boolean cutOff, long lastVoiceAt) {
    List<ModemDecoder.Heard> words =
        new ArrayList<>(ear.heard().subList(heardBefore, ear.heard().size()));
    Comparison comparison = Comparison.of(expected, words, !cutOff, own);
    return new CallResult.Turn(
        said,
        text(),
        firstAudioAt == 0 ? -1 : (firstAudioAt - lastVoiceAt) / 1e6,
        reactionMs,
        cutOff,
        words.size(),
        comparison.lost(),
        comparison.doubled(),
        comparison.reordered(),
        comparison.late(),
        comparison.foreign());
  }
}
