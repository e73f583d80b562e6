package io.voiceagent.tts;

import io.vertx.core.Vertx;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Segment;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.TurnId;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks a fixed text into the cache before anyone needs it, and tries again until it is there. */
final class Preparation implements Synthesis.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
  private static final int AGAIN_MS = 15_000;

  private final Vertx vertx;
  private final TtsNode node;
  private final Function<TtsProvider, TtsConnection> connections;
  private final String text;
  private final ArrayDeque<SpeechItem> items = new ArrayDeque<>();
  private @Nullable Synthesis voice;
  private @Nullable Long timer;
  private boolean stopped;

  Preparation(
      Vertx vertx, TtsNode node, Function<TtsProvider, TtsConnection> connections, String text) {
    this.vertx = vertx;
    this.node = node;
    this.connections = connections;
    this.text = text;
  }

  void start() {
    timer = null;
    String key = node.cacheKey(text);
    if (stopped || !node.cache.claim(key)) {
      return;
    }
    items.clear();
    Synthesis begun =
        new Synthesis(vertx, node, connections, null, TurnId.NONE, node.budget.ofCall(), this);
    voice = begun;
    Segmenter segmenter = new Segmenter(node.options.segments());
    segmenter.add(text).forEach(begun::speak);
    segmenter.finish().forEach(begun::speak);
    begun.end();
  }

  void stop() {
    stopped = true;
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
    }
    if (voice != null) {
      voice.cancel();
      node.cache.abandon(node.cacheKey(text));
    }
  }

  @Override
  public void audio(byte[] bytes) {
    items.add(new SpeechItem.Audio(bytes));
  }

  @Override
  public void segmentEnd(Segment segment) {
    items.add(new SpeechItem.SegmentEnd(segment));
  }

  @Override
  public void queued(int index, String piece) {}

  @Override
  public void firstAudio(long providerNanos) {}

  @Override
  public void retract(int bytes) {
    SoundTail.cut(items, bytes);
  }

  @Override
  public void completed(int audioMs) {
    voice = null;
    node.cache.put(node.cacheKey(text), Clip.of(items));
  }

  @Override
  public void failed(String unspoken, Failure failure) {
    voice = null;
    node.cache.abandon(node.cacheKey(text));
    LOG.warn("a fixed text is not spoken yet: {} {}", failure.kind(), failure.detail());
    if (!stopped) {
      timer = vertx.setTimer(AGAIN_MS, id -> start());
    }
  }
}
