package io.voiceagent.turn;

/** Keys that belong together: complete by number, by a terminator, or by a pause. */
final class DigitCollector {
  /** Nobody types more; whoever leans on the keypad is not collected for ever. */
  static final int MOST = 64;

  private final int length;
  private final String terminator;
  private final StringBuilder digits = new StringBuilder();

  DigitCollector(TurnOptions.Dtmf options) {
    length = options.length() > 0 ? options.length() : MOST;
    terminator = options.terminator();
  }

  /** True when the digits are complete with this key. The terminator is none of them. */
  boolean add(char key) {
    if (terminator.equals(String.valueOf(key))) {
      return true;
    }
    digits.append(key);
    return digits.length() >= length;
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
