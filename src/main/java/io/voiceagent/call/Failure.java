package io.voiceagent.call;

/**
 * What went wrong, as a value that can cross the bus, with its own verdict.
 *
 * @param detail for a log: what happened and what to do; never a secret, a number or a caller's words
 * @param retryAfterMs the peer's wish, 0 when it gave none
 */
public record Failure(Stage stage, Kind kind, String detail, long retryAfterMs) {
  /** Where. */
  public enum Stage {
    CARRIER,
    STT,
    LLM,
    TTS,
    TOOL,
    BUS
  }

  /** What, and whether another attempt at the same peer may help. */
  public enum Kind {
    REFUSED(true),
    TIMEOUT(true),
    CLOSED(true),
    RATE_LIMIT(true),
    OVERLOADED(true),
    SERVER(true),
    TRUNCATED(true),
    /** The peer broke its own protocol. */
    PROTOCOL(true),
    /** A success that holds nothing: no audio, no text. */
    EMPTY(true),
    BREAKER_OPEN(false),
    UNAUTHORIZED(false),
    OUT_OF_MONEY(false),
    BAD_REQUEST(false),
    PEER_LOST(true),
    CANCELLED(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    public boolean retryable() {
      return retryable;
    }
  }

  public Failure(Stage stage, Kind kind, String detail) {
    this(stage, kind, detail, 0);
  }

  public boolean retryable() {
    return kind.retryable();
  }
}
