package io.voiceagent.call;

/** Identity of a call: the carrier's call SID. Never a metric label. */
public record CallId(String value) {
  public CallId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("empty call id");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
