package io.voiceagent.bus;

/** Bytes from another node that are no frame of ours. The peer's fault; the frame is dropped. */
public final class WireFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WireFormatException(String message) {
    super(message);
  }
}
