package io.voiceagent.bus;

/** Hears what the streams of a node do, for the metrics. Called on event loops; must be cheap and thread-safe. */
public interface BusListener {
  BusListener NONE = new BusListener() {};

  default void opened(StreamType<?, ?> type) {}

  /** Either side is through with a stream that was opened. Once per {@link #opened}. */
  default void closed(StreamType<?, ?> type) {}

  /** The writer ran out of credit. */
  default void stalled(StreamType<?, ?> type) {}

  /** The stream ended by a failure; being cancelled is none. */
  default void failed(StreamType<?, ?> type) {}

  /** So many items were waiting when their stream failed, and are lost. */
  default void dropped(StreamType<?, ?> type, int items) {}

  /** Items waiting at a reader or a writer changed by {@code items}. */
  default void queued(StreamType<?, ?> type, int items) {}
}
