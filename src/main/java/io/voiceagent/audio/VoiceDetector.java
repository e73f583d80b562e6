package io.voiceagent.audio;

/** Tells voiced frames from others; one per call. The seam for a detector by a model. */
public interface VoiceDetector {
  /**
   * Whether this slice of mu-law 8 kHz holds the caller's voice. Called in order, for every 20 ms of the call.
   *
   * @param at when it arrived, monotonic nanoseconds
   */
  boolean voiced(byte[] mulaw, int from, int length, long at);
}
