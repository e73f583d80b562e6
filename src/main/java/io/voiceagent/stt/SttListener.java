package io.voiceagent.stt;

import io.voiceagent.call.Failure;

/** Hears of one socket. After {@link #failed} nothing follows. */
public interface SttListener {
  void opened();

  void drained();

  /** Replaces the previous interim. */
  void interim(String text);

  /** Will not change. Joined verbatim to the finals before it. */
  void finalText(String text);

  /** Everything written before the oldest unanswered finalize has been transcribed. */
  void flushed();

  void turnStarted();

  void turnEagerEnd(String text);

  void turnResumed();

  void turnEnded(String text);

  void failed(Failure failure);
}
