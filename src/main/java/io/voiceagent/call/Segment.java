package io.voiceagent.call;

import java.util.List;

/**
 * A piece of an agent's utterance that was given to the voice in one go, with its place in the utterance's audio.
 *
 * @param index from 0 within the turn
 * @param startMs where its audio begins, milliseconds from the first audio of the turn
 * @param endMs where it ends
 * @param words timings within the turn's audio (same origin as startMs); empty when the provider gives none
 */
public record Segment(
    TurnId turn, int index, String text, int startMs, int endMs, List<Word> words) {
  public Segment {
    words = List.copyOf(words);
  }
}
