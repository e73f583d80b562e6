package io.voiceagent.sim;

import java.util.List;

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
    return new Scenario(
        lines,
        on,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        answerMs,
        noise,
        digits,
        abrupt,
        slowReader,
        holdMs,
        marks);
  }

  public Scenario withHold(long ms) {
    return new Scenario(
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
        ms,
        marks);
  }

  public Scenario withThink(long ms) {
    return new Scenario(
        lines,
        bargeIn,
        bargeInAfterWords,
        ms,
        greetingMs,
        answerMs,
        noise,
        digits,
        abrupt,
        slowReader,
        holdMs,
        marks);
  }

  public Scenario withNoise(int amplitude) {
    return new Scenario(
        lines,
        bargeIn,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        answerMs,
        amplitude,
        digits,
        abrupt,
        slowReader,
        holdMs,
        marks);
  }

  public Scenario withDigits(String keys) {
    return new Scenario(
        lines,
        bargeIn,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        answerMs,
        noise,
        keys,
        abrupt,
        slowReader,
        holdMs,
        marks);
  }

  public Scenario withAbruptEnd(boolean on) {
    return new Scenario(
        lines,
        bargeIn,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        answerMs,
        noise,
        digits,
        on,
        slowReader,
        holdMs,
        marks);
  }

  public Scenario withSlowReader(long ms) {
    return new Scenario(
        lines,
        bargeIn,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        answerMs,
        noise,
        digits,
        abrupt,
        ms,
        holdMs,
        marks);
  }

  public Scenario withAnswerWithin(long ms) {
    return new Scenario(
        lines,
        bargeIn,
        bargeInAfterWords,
        thinkMs,
        greetingMs,
        ms,
        noise,
        digits,
        abrupt,
        slowReader,
        holdMs,
        marks);
  }

  public Scenario withMarks(boolean on) {
    return new Scenario(
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
        on);
  }
}
