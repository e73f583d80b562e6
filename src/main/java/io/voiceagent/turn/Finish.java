package io.voiceagent.turn;

/** Whether words sound as if their speaker is through. */
final class Finish {
  enum Sound {
    FINISHED,
    UNFINISHED,
    OPEN
  }

  private final Phrases finished;
  private final Phrases unfinished;
  private final SpokenDigits digits;

  Finish(TurnOptions.Endpointing options) {
    finished = new Phrases(options.finishedWords());
    unfinished = new Phrases(options.unfinishedWords());
    digits = new SpokenDigits(options.digitWords(), options.wholeNumbers());
  }

  Sound of(String text) {
    String said = text.strip();
    if (said.endsWith("...")
        || said.endsWith("\u2026")
        || said.endsWith(",")
        || said.endsWith("-")) {
      return Sound.UNFINISHED;
    }
    if (said.endsWith(".") || said.endsWith("?") || said.endsWith("!")) {
      return Sound.FINISHED;
    }
    if (unfinished.endsWithOne(said) || digits.goOn(said)) {
      return Sound.UNFINISHED;
    }
    return finished.endsWithOne(said) ? Sound.FINISHED : Sound.OPEN;
  }
}
