package io.voiceagent.audio;

/**
 * A slice of mu-law 8 kHz mono sound. Immutable by agreement: nobody writes into {@code bytes} after construction, so
 * that frames travel between verticles by reference.
 *
 * @param bytes headerless mu-law, 8 bytes per millisecond, any length
 * @param at when it arrived or was made, monotonic nanoseconds
 */
public record AudioFrame(byte[] bytes, long at) {
  public static final int BYTES_PER_MS = 8;
  public static final int FRAME_MS = 20;
  public static final int FRAME_BYTES = BYTES_PER_MS * FRAME_MS;
  /** Digital silence in mu-law. */
  public static final byte SILENCE = (byte) 0xFF;
}
