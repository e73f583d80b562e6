package io.voiceagent.turn;

/** Keys that belong together: complete by number, by a terminator, or by a pause. */
final class DigitCollector {
  private final TurnOptions.Dtmf options;
  private final StringBuilder digits = new StringBuilder();

  DigitCollector(TurnOptions.Dtmf options) {
    this.options = options;
  }

  /** True when the digits are complete with this key. The terminator is none of them. */
  boolean add(char key) {
    if (options.terminator().equals(String.valueOf(key))) {
      return true;
    }
    digits.append(key);
    return digits.length() == options.length();
  }

  boolean empty() {
    return digits.length() == 0;
  }

  /** What was collected, which is then forgotten. */
  String take() {
    String taken = digits.toString();
    digits.setLength(0);
    return taken;
  }
}
