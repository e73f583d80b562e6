package io.voiceagent.turn;

/** The caller's half: the voice, and the words since the last turn was taken. */
final class CallerSide {
  CallerFloor floor = CallerFloor.SILENT;
  /** Arrival of the first voiced frame of the speech that runs or ran. */
  long onsetAt;

  long lastVoicedAt;
  long releasedAt;
  long finalAt;
  /** The provider's part of the wait for the words. */
  long sttNanos;
  /** The speech that runs has lasted long enough to interrupt. */
  boolean sustained;
  /** The transcriber has answered the finalize of this pause. */
  boolean flushed;

  int lastSeq;
  String interim = "";
  /** What is being answered and was not heard answered yet; it can still grow. */
  String answering = "";
  /** All of the turn that was taken last. */
  String lastWhole = "";

  private final StringBuilder finals = new StringBuilder();

  /** The words that will not change. */
  String said() {
    return finals.toString().strip();
  }

  /** All that is known, the part that may change too. */
  String heardSoFar() {
    return (finals + " " + interim).strip();
  }

  /** Finals are joined verbatim. */
  void addFinal(String text) {
    finals.append(text);
  }

  /** Words that did not come from the transcriber as they stand. */
  void addApart(String text) {
    finals.append(finals.length() > 0 && !text.isBlank() ? " " : "").append(text);
  }

  void addBefore(String text) {
    finals.insert(0, text + " ");
  }

  boolean nothingFinal() {
    return finals.length() == 0;
  }

  void clearWords() {
    finals.setLength(0);
    interim = "";
  }

  /** Words by another way than a voice that was detected: they are here now. */
  void spokeUnseen(long now) {
    lastVoicedAt = now;
    releasedAt = now;
    sttNanos = 0;
  }
}
