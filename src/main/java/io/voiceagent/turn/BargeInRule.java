package io.voiceagent.turn;

/** Whether a caller who makes a sound while the agent speaks wants the floor. */
final class BargeInRule {
  /** What is left of a question when its answer may begin: nobody waits for the last words. */
  private static final int LAST_WORDS = 3;

  private final TurnOptions.BargeIn options;
  private final Phrases backchannel;
  private final Phrases never;

  BargeInRule(TurnOptions.BargeIn options) {
    this.options = options;
    backchannel = new Phrases(options.backchannel());
    never = new Phrases(options.neverInterrupts());
  }

  /** The voice has lasted for the minimum; {@code heard}: what was transcribed of it so far, often nothing. */
  boolean byVoice(String heard) {
    return options.enabled() && (heard.isBlank() || !harmless(heard)) && enough(heard);
  }

  /** Words were transcribed. */
  boolean byWords(String heard) {
    return options.enabled() && !harmless(heard) && enough(heard);
  }

  /** Words interrupt without a voice that lasted. */
  boolean byWordsAlone() {
    return options.minWords() > 0;
  }

  /** Nothing but what never interrupts. */
  boolean harmless(String heard) {
    return backchannel.only(heard) || never.only(heard);
  }

  /** Nothing but "uh-huh": no turn of its own either. */
  boolean backchannelOnly(String heard) {
    return backchannel.only(heard);
  }

  /** "Yes" into the end of a question is its answer, not a sign of listening. */
  boolean answers(Utterance asked) {
    String rest = asked.unheardText();
    return asked.asks() && Phrases.words(rest).size() <= LAST_WORDS;
  }

  private boolean enough(String heard) {
    return options.minWords() == 0 || backchannel.wordsBeyond(heard) >= options.minWords();
  }
}
