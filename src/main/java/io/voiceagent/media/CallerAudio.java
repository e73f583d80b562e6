package io.voiceagent.media;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.call.Failure;
import io.voiceagent.metrics.VoiceMeters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The caller's audio on its way to the transcriber. While nobody takes it a bounded ring keeps the latest, from the
 * call's first frame on.
 */
final class CallerAudio {
  private final int ringBytes;
  private final VoiceMeters meters;
  private final ArrayDeque<AudioFrame> ring = new ArrayDeque<>();
  private final @Nullable SpokenAudio spoken;
  private int bytes;
  private @Nullable BusWriter<AudioFrame> writer;

  /** @param spoken keeps what may have to be transcribed again; null where that cannot happen */
  CallerAudio(Duration ring, VoiceMeters meters, @Nullable SpokenAudio spoken) {
    this.spoken = spoken;
    this.ringBytes = (int) ring.toMillis() * AudioFrame.BYTES_PER_MS;
    this.meters = meters;
  }

  void accept(AudioFrame frame) {
    if (spoken != null) {
      spoken.add(frame);
    }
    if (writer != null && ring.isEmpty() && !writer.writeQueueFull()) {
      writer.write(frame);
      return;
    }
    ring.add(frame);
    bytes += frame.bytes().length;
    while (bytes > ringBytes) {
      int dropped = ring.remove().bytes().length;
      bytes -= dropped;
      meters.audioDroppedBytes.increment(dropped);
      meters.sttBackpressure.increment();
    }
  }

  /**
   * From now on frames go to {@code next}, those of the ring first.
   *
   * @param replayFrom with what was spoken from this instant on, though it went to another one before; 0: without
   * @param onLost hears when another node that transcribes is gone; what a transcriber ends itself, it tells itself
   */
  void writeTo(BusWriter<AudioFrame> next, long replayFrom, Consumer<Failure> onLost) {
    if (writer != null) {
      writer.end();
    }
    writer = next;
    if (replayFrom != 0 && spoken != null) {
      // All that the ring holds is in there, too.
      ring.clear();
      ring.addAll(spoken.since(replayFrom));
      bytes = ring.stream().mapToInt(frame -> frame.bytes().length).sum();
    }
    next.drainHandler(x -> drain());
    next.cancelHandler(reason -> lost(next, reason, onLost));
    drain();
  }

  /** Whether a transcriber has all that came so far. */
  boolean given() {
    return writer != null && ring.isEmpty();
  }

  boolean connected() {
    return writer != null;
  }

  void close() {
    if (writer != null) {
      writer.end();
      writer = null;
    }
    meters.audioDroppedBytes.increment(bytes);
    ring.clear();
    bytes = 0;
  }

  private void drain() {
    while (writer != null && !ring.isEmpty() && !writer.writeQueueFull()) {
      AudioFrame frame = ring.remove();
      bytes -= frame.bytes().length;
      writer.write(frame);
    }
  }

  private void lost(BusWriter<AudioFrame> which, Failure reason, Consumer<Failure> onLost) {
    if (writer == which) {
      writer = null;
      if (reason.kind() == Failure.Kind.PEER_LOST) {
        onLost.accept(reason);
      }
    }
  }
}
