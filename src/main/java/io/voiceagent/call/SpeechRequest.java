package io.voiceagent.call;

/**
 * What comes with a text stream that is to be spoken: for which turn, by whom, played where, and who is told.
 *
 * @param cacheable the text is fixed (greeting, apology, filler): its audio may be kept and played without a provider
 * @param givesWay a filler: the first sound of anything later cuts it
 */
public record SpeechRequest(
    TurnId turn,
    StageAddress tts,
    StageAddress media,
    StageAddress conversation,
    boolean cacheable,
    boolean givesWay) {

  public SpeechRequest(
      TurnId turn,
      StageAddress tts,
      StageAddress media,
      StageAddress conversation,
      boolean cacheable) {
    this(turn, tts, media, conversation, cacheable, false);
  }
}
