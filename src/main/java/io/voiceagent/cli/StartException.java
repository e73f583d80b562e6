package io.voiceagent.cli;

/** Something outside kept the service from starting, such as a port in use. The message is for the operator. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
