package io.voiceagent.stt;

import io.vertx.core.Vertx;

/** A vendor's transcription: the seam behind which a vendor's package lies. One per account, shared by all event loops. */
public interface SttProvider {
  /** The account, as a label of metrics: {@code cartesia_stt}. */
  String name();

  /** Whether it decides itself when a turn has ended; it is not asked to finalize then. */
  boolean endpoints();

  /** What one event loop needs. Called once per event loop, on it. */
  SttConnection connect(Vertx vertx);
}
