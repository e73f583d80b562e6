package io.voiceagent.turn;

import java.util.regex.Pattern;

/**
 * Our own endpointing: the silence is over and the transcript covers it, so take the turn, unless the words sound as if
 * more will come: a joining word, a hesitation, digits being read out.
 */
final class OwnEndpoint implements EndpointRule {
  private static final Pattern DIGITS = Pattern.compile(".*(\\b\\d[\\d -]*|,)\\s*$");

  private final long wait;
  private final Phrases unfinished;

  OwnEndpoint(TurnOptions.Endpointing options) {
    wait = options.unfinishedWait().toNanos();
    unfinished = new Phrases(options.unfinishedWords());
  }

  @Override
  public long waitNanos(String text) {
    String said = text.strip();
    if (said.endsWith(".") || said.endsWith("?") || said.endsWith("!")) {
      return 0;
    }
    return unfinished.endsWithOne(said) || DIGITS.matcher(said).matches() ? wait : 0;
  }
}
