package io.voiceagent.tts;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * A vendor's voice, as the rest of the service sees it: the seam behind which a vendor's package lies. One per configured
 * account, shared by all event loops.
 */
public interface TtsProvider {
  /** The account, as a label of metrics and in {@code tts.fallback}: {@code cartesia_tts}. */
  String name();

  /** What makes two syntheses sound alike: voice, model, language. Part of the key of kept audio. */
  String voice();

  /** Silence within the sound of an utterance, in all, after which it has failed. */
  Duration nextAudioTimeout();

  /** The sockets of one event loop. Called once per event loop, on it. */
  TtsConnection connect(Vertx vertx);
}
