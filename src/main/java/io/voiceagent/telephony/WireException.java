package io.voiceagent.telephony;

/** The peer broke the protocol; the message never quotes what it said. */
public final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message, null, false, false);
  }
}
