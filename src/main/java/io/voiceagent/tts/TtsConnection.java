package io.voiceagent.tts;

import io.vertx.core.Future;
import java.time.Duration;

/** A provider's sockets on one event loop; everything happens on that loop. */
public interface TtsConnection {
  /** Opens what the next utterance will need, so that it does not wait for a handshake. */
  void warm();

  /**
   * Begins an utterance. Returns at once; whatever goes wrong is told to the listener, never thrown.
   *
   * @param patience how long the utterance may wait for a free place at the provider
   */
  TtsStream open(TtsListener listener, Duration patience);

  Future<Void> close();
}
