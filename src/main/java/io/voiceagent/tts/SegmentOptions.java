package io.voiceagent.tts;

import io.voiceagent.config.Settings;

/**
 * How long the pieces are that the voice is given, in characters.
 *
 * @param firstClause a clause this long may start an answer
 * @param sentence sentences are gathered up to this length, once the answer runs
 * @param longest no piece is longer
 */
public record SegmentOptions(int firstClause, int sentence, int longest) {
  public static final SegmentOptions DEFAULTS = new SegmentOptions(10, 80, 250);

  static SegmentOptions from(Settings settings) {
    return new SegmentOptions(
        settings.integer("tts.segment.firstClause", DEFAULTS.firstClause, 1, 200),
        settings.integer("tts.segment.sentence", DEFAULTS.sentence, 1, 1000),
        settings.integer("tts.segment.longest", DEFAULTS.longest, 40, 2000));
  }
}
