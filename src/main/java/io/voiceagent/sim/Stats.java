package io.voiceagent.sim;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a simulator saw. Names ending in {@code Open} go up and down; the others only up. */
public final class Stats {
  private final Map<String, AtomicLong> values = new ConcurrentHashMap<>();

  void add(String name, long amount) {
    values.computeIfAbsent(name, key -> new AtomicLong()).addAndGet(amount);
  }

  public long get(String name) {
    AtomicLong value = values.get(name);
    return value == null ? 0 : value.get();
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    new TreeMap<>(values).forEach((name, value) -> json.put(name, value.get()));
    return json;
  }
}
