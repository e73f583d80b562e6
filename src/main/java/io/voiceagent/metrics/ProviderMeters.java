package io.voiceagent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How the providers did: a series each, by the name that the configuration gives them. Thread-safe. */
public final class ProviderMeters {
  /** Those whose series are there in every configuration. */
  private static final List<String> PROVIDERS =
      List.of("cartesia_stt", "cartesia_tts", "openai", "twilio");

  /**
   * No provider across a network answers a new request faster than this: what does is left over from another turn. Such
   * a sample is counted apart and kept out of the histogram that it would flatter.
   */
  private static final long MIN_FIRST_BYTE_NANOS = 5_000_000;

  /** What became of a second request that was made to save time. */
  public enum Hedge {
    /** It wrote first. */
    WON,
    /** The first one wrote first after all: paid for nothing. */
    LOST,
    FAILED
  }

  private final MeterMaker make;
  private final Map<Hedge, Counter> hedges = new EnumMap<>(Hedge.class);
  private final Map<String, Counter> retries = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> breakers = new ConcurrentHashMap<>();
  private final Map<String, DistributionSummary> firstBytes = new ConcurrentHashMap<>();
  private final Map<String, Counter> implausible = new ConcurrentHashMap<>();

  ProviderMeters(MeterMaker make) {
    this.make = make;
    for (Hedge outcome : Hedge.values()) {
      hedges.put(
          outcome,
          make.counter(MeterNames.LLM_HEDGES, "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    for (String provider : PROVIDERS) {
      provider(provider);
    }
    // A pair is registered when it is configured; without one the counter would not exist.
    fallbackPair("none", "none");
  }

  /** Registers the meters of a provider, at 0, and names it as a label value. Idempotent. */
  public void provider(String name) {
    retries.computeIfAbsent(name, p -> make.counter(MeterNames.RETRIES, "provider", p));
    firstBytes.computeIfAbsent(
        name, p -> make.summary(MeterNames.PROVIDER_FIRST_BYTE, "provider", p));
    implausible.computeIfAbsent(
        name, p -> make.counter(MeterNames.IMPLAUSIBLE_FIRST_BYTE, "provider", p));
    breakers.computeIfAbsent(name, p -> {
      AtomicInteger state = new AtomicInteger();
      make.gauge(MeterNames.BREAKER_STATE, state::get, "provider", p);
      return state;
    });
  }

  public void retried(String provider) {
    provider(provider);
    at(retries, provider).increment();
  }

  public void firstByte(String provider, long nanos) {
    provider(provider);
    if (nanos < MIN_FIRST_BYTE_NANOS) {
      at(implausible, provider).increment();
    } else {
      at(firstBytes, provider).record(nanos / 1e6);
    }
  }

  /** How long a provider took that may well answer at once, such as a transcriber with nothing left to say. */
  public void answered(String provider, long nanos) {
    provider(provider);
    at(firstBytes, provider).record(nanos / 1e6);
  }

  /** 0 closed, 1 half open, 2 open. */
  public void breakerState(String provider, int state) {
    provider(provider);
    at(breakers, provider).set(state);
  }

  /** One request more than the turn needed, and what came of it. */
  public void hedged(Hedge outcome) {
    at(hedges, outcome).increment();
  }

  public void fellBack(String from, String to) {
    make.counter(MeterNames.FALLBACK, "from", from, "to", to).increment();
  }

  /** Counters of a fallback list are there before anything falls back. */
  public void fallbackList(List<String> names) {
    for (int i = 1; i < names.size(); i++) {
      fallbackPair(names.get(i - 1), names.get(i));
    }
  }

  private void fallbackPair(String from, String to) {
    make.counter(
        MeterNames.FALLBACK,
        "from",
        from.toLowerCase(Locale.ROOT),
        "to",
        to.toLowerCase(Locale.ROOT));
  }

  private static <K, V> V at(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }
}
