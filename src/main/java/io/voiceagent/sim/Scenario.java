package io.voiceagent.sim;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a simulated caller does.
 *
 * @param lines what is said, one turn each
 * @param bargeIn the second and every further line is said over the answer to the one before
 * @param bargeInAfterWords words of the answer that are listened to before interrupting
 * @param thinkMs pause between the end of an answer and the next line
 * @param greetingMs how long a greeting is waited for; it is heard to its end
 * @param answerMs how long an answer may take to begin
 * @param noise amplitude of white noise on the line, 16-bit linear; 0: none
 * @param digits keys pressed after the last line
 * @param abrupt the line breaks in the end instead of a polite stop
 * @param slowReader the carrier reads its socket only every so many milliseconds; 0: at once
 * @param holdMs the call lasts at least so long; lines are repeated from the first
 * @param marks the carrier says when it has played what was before a mark; false: it never does
 */
public record Scenario(
    List<String> lines,
    boolean bargeIn,
    int bargeInAfterWords,
    long thinkMs,
    long greetingMs,
    long answerMs,
    int noise,
    String digits,
    boolean abrupt,
    long slowReader,
    long holdMs,
    boolean marks) {

  public Scenario {
    lines = List.copyOf(lines);
  }

  /** The words of the answers to all lines. */
  Set<String> answerWords() {
    return lines.stream()
        .flatMap(line -> Modem.words(SimulatedBrain.answer(line)).stream())
        .collect(toSet());
  }

  /** With a carrier that returns its marks. */
  public Scenario(
      List<String> lines,
      boolean bargeIn,
      int bargeInAfterWords,
      long thinkMs,
      long greetingMs,
      long answerMs,
      int noise,
      String digits,
      boolean abrupt,
      long slowReader,
      long holdMs) {
    this(
        lines,
        bargeIn,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        answerMs,
        noise,
        digits,
        abrupt,
        slowReader,
        holdMs,
        true);
  }

  public static Scenario of(String... lines) {
    return new Scenario(List.of(lines), false, 4, 300, 3000, 15_000, 0, "", false, 0, 0, true);
  }

  public Scenario withBargeIn(boolean on) {
    return with(edit -> edit.bargeIn = on);
  }

  public Scenario withHold(long ms) {
    return with(edit -> edit.holdMs = ms);
  }

  public Scenario withThink(long ms) {
    return with(edit -> edit.thinkMs = ms);
  }

  public Scenario withNoise(int amplitude) {
    return with(edit -> edit.noise = amplitude);
  }

  public Scenario withDigits(String keys) {
    return with(edit -> edit.digits = keys);
  }

  public Scenario withAbruptEnd(boolean on) {
    return with(edit -> edit.abrupt = on);
  }

  public Scenario withSlowReader(long ms) {
    return with(edit -> edit.slowReader = ms);
  }

  public Scenario withAnswerWithin(long ms) {
    return with(edit -> edit.answerMs = ms);
  }

  public Scenario withMarks(boolean on) {
    return with(edit -> edit.marks = on);
  }

  private Scenario with(Consumer<Edit> change) {
    Edit edit = new Edit(this);
    change.accept(edit);
    return edit.made();
  }

  /** A copy under change. */
  private static final class Edit {
    private final Scenario of;
    private boolean bargeIn;
    private long thinkMs;
    private long answerMs;
    private int noise;
    private String digits;
    private boolean abrupt;
    private long slowReader;
    private long holdMs;
    private boolean marks;

    Edit(Scenario of) {
      this.of = of;
      bargeIn = of.bargeIn;
      thinkMs = of.thinkMs;
      answerMs = of.answerMs;
      noise = of.noise;
      digits = of.digits;
      abrupt = of.abrupt;
      slowReader = of.slowReader;
      holdMs = of.holdMs;
      marks = of.marks;
    }

    Scenario made() {
      return new Scenario(
          of.lines,
          bargeIn,
          of.bargeInAfterWords,
          thinkMs,
          of.greetingMs,
          answerMs,
          noise,
          digits,
          abrupt,
          slowReader,
          holdMs,
          marks);
    }
  }
}
