package io.voiceagent.stt;

import io.vertx.core.Future;

/** A provider as one event loop sees it. */
public interface SttConnection {
  /** Opens a socket for one call. Returns at once; whatever goes wrong is told to the listener. */
  SttStream open(SttListener listener);

  Future<Void> close();
}
