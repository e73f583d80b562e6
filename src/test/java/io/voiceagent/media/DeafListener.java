package io.voiceagent.media;

import io.voiceagent.call.TurnId;

/** For what looks at the wire only. */
final class DeafListener implements Playout.Listener {
  @Override
  public void started(TurnId turn) {}

  @Override
  public void heard(TurnId turn, int heardMs) {}

  @Override
  public void ended(TurnId turn, int heardMs, boolean estimated) {}

  @Override
  public void cleared(TurnId turn, int heardMs) {}

  @Override
  public void dropped(long bytes) {}
}
