package io.voiceagent.turn;

/**
 * Our own endpointing: the silence is over and the transcript covers it, so take the turn, unless the words sound as if
 * more will come. When the transcript does not come, wait as long as it usually takes, and shorter when what is there
 * sounds finished.
 */
final class OwnEndpoint implements EndpointRule {
  /** Beyond the measured p99: our own part of the way. */
  private static final long MARGIN = 100_000_000;

  private final TurnOptions.Endpointing options;
  private final Finish finish;
  private long p99;

  OwnEndpoint(TurnOptions.Endpointing options) {
    this.options = options;
    finish = new Finish(options);
  }

  @Override
  public long finalWait(String heardSoFar) {
    long most = options.finalTimeout().toNanos();
    long usual = p99 == 0 ? most : Math.min(most, p99 + MARGIN);
    return finish.of(heardSoFar) == Finish.Sound.FINISHED ? usual / 2 : usual;
  }

  @Override
  public long moreWait(String said) {
    return finish.of(said) == Finish.Sound.UNFINISHED ? options.unfinishedWait().toNanos() : 0;
  }

  @Override
  public boolean asksForFinal() {
    return true;
  }

  @Override
  public void measured(long nanos) {
    p99 = nanos;
  }
}
