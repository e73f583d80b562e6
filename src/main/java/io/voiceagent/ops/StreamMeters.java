package io.voiceagent.ops;

import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.StreamType;
import io.voiceagent.metrics.VoiceMeters;

/** Tells the meters what the streams between stages do. */
public final class StreamMeters implements BusListener {
  private final VoiceMeters meters;

  public StreamMeters(VoiceMeters meters) {
    this.meters = meters;
  }

  @Override
  public void opened(StreamType<?, ?> type) {
    meters.busOpen.incrementAndGet();
  }

  @Override
  public void closed(StreamType<?, ?> type) {
    meters.busOpen.decrementAndGet();
  }

  @Override
  public void stalled(StreamType<?, ?> type) {
    meters.busStalls.increment();
  }

  @Override
  public void failed(StreamType<?, ?> type) {
    meters.busFailed.increment();
  }

  @Override
  public void dropped(StreamType<?, ?> type, int items) {
    meters.busDropped.increment(items);
  }

  @Override
  public void queued(StreamType<?, ?> type, int items) {
    meters.busDepth.addAndGet(items);
  }
}
