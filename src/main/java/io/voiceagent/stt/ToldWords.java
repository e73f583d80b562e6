package io.voiceagent.stt;

import io.voiceagent.audio.AudioFrame;

/**
 * The words of a call that the conversation was told, over all its sockets: each once. A new socket is given audio that
 * the one before it may have transcribed, and does not know that there were words before its own. Pure.
 */
final class ToldWords {
  private static final int SHORTEST_WORD_BYTES = 100 * AudioFrame.BYTES_PER_MS;
  private static final int MAX_CHARACTERS = 2000;

  /** Since the last flush: a new socket may be given some of their audio again. */
  private final StringBuilder told = new StringBuilder();

  /** How much of the call's audio had been heard then, in bytes: the clock of this class. */
  private long toldAt;

  /** The latest final, while nothing else was heard of since; empty otherwise. */
  private String lastFinal = "";

  private long lastFinalAt;
  /** Until then a new socket may be catching up: words come faster than anyone speaks. */
  private long caughtUpAt;

  private Overlap overlap = Overlap.NONE;
  private final int before;
  private int seq;
  private boolean socketSpoke;

  ToldWords() {
    this(0);
  }

  /** @param before numbers that are taken by other transcribers of the call */
  ToldWords(int before) {
    this.before = before;
  }

  /** The words that follow are of a new socket, which is given the latest {@code bytes} of audio once more. */
  void newSocket(int bytes, long heard) {
    boolean within = heard - toldAt <= bytes;
    overlap = within ? new Overlap(told.toString(), bytes / SHORTEST_WORD_BYTES + 1) : Overlap.NONE;
    socketSpoke = false;
    lastFinal = "";
    caughtUpAt = within && told.length() > 0 ? heard + bytes : heard;
  }

  /** What of a text that will be replaced is new. */
  String interim(String text) {
    lastFinal = "";
    return apart(overlap.preview(text));
  }

  /**
   * Finals bear no number. The same text again is the same final if nobody could have said so many words since, and no
   * interim announced them; "no" and, later, "no" are two.
   */
  boolean repeated(String text, long heard) {
    long words = text.strip().split("\\s+").length;
    return !text.isBlank()
        && text.equals(lastFinal)
        && heard >= caughtUpAt
        && heard - lastFinalAt < words * SHORTEST_WORD_BYTES;
  }

  /** What of a text that will not change is new; joined verbatim to what was new before it. */
  String finalText(String text, long heard) {
    String fresh = apart(overlap.strip(text));
    lastFinal = text;
    lastFinalAt = heard;
    keep(text, heard);
    socketSpoke |= !fresh.isBlank();
    return fresh;
  }

  /** All of a turn so far: what of it is new. Turns stand for themselves, nothing is joined to them. */
  String turnSoFar(String text) {
    return overlap.preview(text).strip();
  }

  String turn(String text, long heard) {
    String fresh = overlap.strip(text).strip();
    keep(" " + text, heard);
    return fresh;
  }

  /** The provider is through with all audio so far: none of it is given again. */
  void flushed() {
    told.setLength(0);
  }

  /** Where the numbers begin. */
  int before() {
    return before;
  }

  /** Numbers what is told for good. */
  int nextSeq() {
    return before + ++seq;
  }

  /** The number of what was told last. */
  int lastSeq() {
    return before + seq;
  }

  private void keep(String text, long heard) {
    toldAt = heard;
    told.append(text);
    told.delete(0, Math.max(0, told.length() - MAX_CHARACTERS));
  }

  private String apart(String text) {
    boolean joined = socketSpoke || seq == 0 || text.isBlank();
    return joined || Character.isWhitespace(text.charAt(0)) ? text : " " + text;
  }
}
