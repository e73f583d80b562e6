package io.voiceagent.tts;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Audio of fixed texts, so that a greeting costs no provider and an apology needs none. One per process; bounded, the
 * least recently used leaves first. Who comes while a text is being spoken for the first time waits for it.
 */
final class AudioCache {
  /** Waiting beyond this many would be no better than asking the provider. */
  private static final int MAX_WAITING = 1000;

  private record Waiting(Context context, Promise<@Nullable Clip> promise) {}

  private final int maxBytes;
  private final LinkedHashMap<String, Clip> clips = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, List<Waiting>> underWay = new HashMap<>();
  private int bytes;

  AudioCache(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable Clip find(String key) {
    return clips.get(key);
  }

  /**
   * True for the one who has to speak the text: it must {@link #put} or {@link #abandon} it. False when another does, or
   * when it is there.
   */
  synchronized boolean claim(String key) {
    return maxBytes > 0
        && !clips.containsKey(key)
        && underWay.putIfAbsent(key, new ArrayList<>()) == null;
  }

  /** The clip when who speaks it is through, null when that failed; completes on {@code context}. */
  synchronized Future<@Nullable Clip> await(String key, Context context) {
    List<Waiting> waiting = underWay.get(key);
    if (waiting == null || waiting.size() >= MAX_WAITING) {
      return Future.succeededFuture(clips.get(key));
    }
    Waiting one = new Waiting(context, Promise.promise());
    waiting.add(one);
    return one.promise.future();
  }

  void put(String key, Clip clip) {
    settle(key, clip);
  }

  void abandon(String key) {
    settle(key, null);
  }

  synchronized int bytes() {
    return bytes;
  }

  private void settle(String key, @Nullable Clip clip) {
    List<Waiting> waiting;
    synchronized (this) {
      waiting = underWay.remove(key);
      if (clip != null && clip.bytes() <= maxBytes && clips.put(key, clip) == null) {
        bytes += clip.bytes();
        var oldest = clips.entrySet().iterator();
        while (bytes > maxBytes) {
          bytes -= oldest.next().getValue().bytes();
          oldest.remove();
        }
      }
    }
    if (waiting != null) {
      waiting.forEach(one -> one.context.runOnContext(x -> one.promise.complete(clip)));
    }
  }
}
