package io.voiceagent.tts;

/** How long a voice took to its first sound, without the time in our own queue. */
final class FirstSound {
  private boolean sent;
  private boolean heard;
  private long sentAt;
  private long queuedNanos;

  /** Text was given to a voice; the first one counts. */
  void sent(long now) {
    if (!sent) {
      sent = true;
      sentAt = now;
    }
  }

  void queued(long nanos) {
    if (!heard) {
      queuedNanos += nanos;
    }
  }

  /** Sound came. True the first time. */
  boolean heard() {
    boolean first = !heard;
    heard = true;
    return first;
  }

  long tookNanos(long now) {
    return now - sentAt - queuedNanos;
  }
}
