package io.voiceagent.turn;

/** The caller's words since the last turn was taken, and what may still come of that one. */
final class CallerWords {
  /** More is no turn any more; the oldest words go. */
  private static final int MAX_CHARS = 20_000;

  private final StringBuilder finals = new StringBuilder();
  /** Said over the agent and no reason to stop it; part of the next turn. */
  private final StringBuilder aside = new StringBuilder();

  private String interim = "";
  private int lastSeq;
  /** What a transcriber says whose numbers begin earlier is not listened to any more. */
  private int finalsBefore;
  /** The turn that was taken last. */
  private String lastTurn = "";
  /** Those of its words that were not final when it was taken. */
  private String guess = "";

  private boolean guessing;

  /** Whether a final with this number came before. Otherwise it is the latest now, and replaces the interim. */
  boolean seen(int seq) {
    if (seq <= lastSeq) {
      return true;
    }
    lastSeq = seq;
    interim = "";
    return false;
  }

  /** Another transcriber hears the same words again; its finals are numbered from here on. */
  void restart(int finalsBefore) {
    this.finalsBefore = finalsBefore;
    lastSeq = Math.max(lastSeq, finalsBefore);
    interim = "";
  }

  /** Whether the transcriber whose numbers begin there was left: another one tells its words. */
  boolean left(int finalsBefore) {
    return finalsBefore < this.finalsBefore;
  }

  void interim(String text) {
    interim = text;
  }

  /** The words that will not change. */
  String said() {
    return finals.toString().strip();
  }

  /** All that is known, the part that may change too; without what was set aside. */
  String heardSoFar() {
    return (finals + " " + interim).strip();
  }

  /** What the turn would be if it were taken now, the interim included. */
  String wouldBe() {
    return (aside + " " + heardSoFar()).strip();
  }

  /** Finals are joined verbatim. One that comes after all takes the place of what was provisional. */
  void add(String text) {
    if (guessing) {
      int from = finals.lastIndexOf(guess);
      finals.setLength(from < 0 ? finals.length() : from);
      guessing = false;
      guess = "";
    }
    finals.append(text);
    bound(finals);
  }

  /** Words that did not come from the transcriber as they stand. */
  void addApart(String text) {
    finals.append(finals.length() > 0 && !text.isBlank() ? " " : "").append(text);
    bound(finals);
  }

  void addBefore(String text) {
    finals.insert(0, text + " ");
    bound(finals);
  }

  /** No final came in time: what is provisional has to do. */
  void acceptInterim() {
    if (!interim.isBlank()) {
      guessing = true;
      guess = interim.strip();
      addApart(guess);
      interim = "";
    }
  }

  void setAside() {
    aside.append(aside.length() > 0 ? " " : "").append(said());
    bound(aside);
    forget();
  }

  String aside() {
    return aside.toString();
  }

  /** What was set aside is an answer after all. */
  void recall() {
    addBefore(aside.toString());
    aside.setLength(0);
  }

  /** Noise, or nothing: what was set aside stays. */
  void forget() {
    finals.setLength(0);
    interim = "";
    guessing = false;
  }

  /** Everything, for a turn. */
  String take() {
    lastTurn = (aside + " " + said()).replaceAll("\\s+", " ").strip();
    guess = guessing ? guess : "";
    aside.setLength(0);
    forget();
    return lastTurn;
  }

  /** Whether {@code text} is once more the whole of the turn that was taken last. */
  boolean repeats(String text) {
    return finals.length() == 0
        && !lastTurn.isBlank()
        && Phrases.words(text).equals(Phrases.words(lastTurn));
  }

  /** What the last turn holds that no final has confirmed; empty when all was final. */
  String guess() {
    return guessing ? "" : guess;
  }

  void guessed(String rest) {
    guess = rest;
  }

  private static void bound(StringBuilder text) {
    if (text.length() > MAX_CHARS) {
      text.delete(0, text.length() - MAX_CHARS);
    }
  }
}
