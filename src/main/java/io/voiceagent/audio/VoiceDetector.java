package io.voiceagent.audio;

/** Tells voiced frames from others; one per call. The seam for a detector by a model. */
public interface VoiceDetector {
  /** Whether this slice of mu-law 8 kHz holds voice. Called in order, for every 20 ms of the call. */
  boolean voiced(byte[] mulaw, int from, int length);
}
