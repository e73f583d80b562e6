package io.voiceagent.sim;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What should go wrong, how often. Thread-safe. */
public final class Faults {
  /**
   * One planned fault.
   *
   * @param provider {@code stt}, {@code tts}, {@code llm} or {@code twilio}
   * @param kind what goes wrong; see the simulator of that provider
   * @param times how often at most; 0: until removed
   * @param probability of happening when it could
   * @param status HTTP or in-band status, or close code
   * @param ms a delay
   * @param after so many items (audio chunks, words, events) come before it
   * @param code the vendor's error code
   * @param retryAfter value of the {@code Retry-After} header; empty: none
   */
  public record Fault(
      String provider,
      String kind,
      int times,
      double probability,
      int status,
      long ms,
      int after,
      String code,
      String retryAfter) {

    public static Fault of(String provider, String kind) {
      return new Fault(provider, kind, 0, 1, 500, 1000, 1, "", "");
    }

    public Fault times(int n) {
      return new Fault(provider, kind, n, probability, status, ms, after, code, retryAfter);
    }

    public Fault status(int value) {
      return new Fault(provider, kind, times, probability, value, ms, after, code, retryAfter);
    }

    public Fault ms(long value) {
      return new Fault(provider, kind, times, probability, status, value, after, code, retryAfter);
    }

    public Fault after(int value) {
      return new Fault(provider, kind, times, probability, status, ms, value, code, retryAfter);
    }

    public Fault code(String value) {
      return new Fault(provider, kind, times, probability, status, ms, after, value, retryAfter);
    }

    public Fault retryAfter(String value) {
      return new Fault(provider, kind, times, probability, status, ms, after, code, value);
    }

    public Fault probability(double value) {
      return new Fault(provider, kind, times, value, status, ms, after, code, retryAfter);
    }

    static Fault from(JsonObject json) {
      return new Fault(
          json.getString("provider", ""),
          json.getString("kind", ""),
          json.getInteger("times", 0),
          json.getDouble("probability", 1.0),
          json.getInteger("status", 500),
          json.getLong("ms", 1000L),
          json.getInteger("after", 1),
          json.getString("code", ""),
          json.getString("retryAfter", ""));
    }
  }

  private static final class Planned {
    private final Fault fault;
    private int left;

    Planned(Fault fault) {
      this.fault = fault;
      this.left = fault.times() == 0 ? Integer.MAX_VALUE : fault.times();
    }
  }

  private final List<Planned> planned = new ArrayList<>();
  private final Random random;
  private int injected;

  Faults(long seed) {
    random = new Random(seed);
  }

  public synchronized void add(Fault fault) {
    planned.add(new Planned(fault));
  }

  public synchronized void clear() {
    planned.clear();
  }

  /** How many were injected so far. */
  public synchronized int injected() {
    return injected;
  }

  /** The fault that happens now, or null. */
  synchronized @Nullable Fault take(String provider, String... kinds) {
    for (Iterator<Planned> all = planned.iterator(); all.hasNext(); ) {
      Planned next = all.next();
      if (next.fault.provider().equals(provider)
          && List.of(kinds).contains(next.fault.kind())
          && (next.fault.probability() >= 1 || random.nextDouble() < next.fault.probability())) {
        if (--next.left == 0) {
          all.remove();
        }
        injected++;
        return next.fault;
      }
    }
    return null;
  }
}
