package io.voiceagent.turn;

/** Whether a caller who makes a sound while the agent speaks wants the floor. */
final class BargeInRule {
  private final TurnOptions.BargeIn options;
  private final Phrases backchannel;

  BargeInRule(TurnOptions.BargeIn options) {
    this.options = options;
    this.backchannel = new Phrases(options.backchannel());
  }

  /** The voice has lasted for the minimum; {@code heard}: what was transcribed of it so far. */
  boolean byVoice(String heard) {
    return options.enabled() && enough(heard);
  }

  /** Words were transcribed. */
  boolean byWords(String heard) {
    return options.enabled() && !backchannel.only(heard) && enough(heard);
  }

  /** Nothing but "uh-huh": no reason to stop. */
  boolean backchannelOnly(String heard) {
    return backchannel.only(heard);
  }

  private boolean enough(String heard) {
    return options.minWords() == 0 || backchannel.wordsBeyond(heard) >= options.minWords();
  }
}
