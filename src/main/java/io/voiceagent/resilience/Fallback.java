package io.voiceagent.resilience;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Providers of one stage, the preferred one first, each with its breaker. A stage asks for the first that is willing:
 * so it leaves a provider that fails, and returns to it by the breaker's probes.
 */
public final class Fallback<P> {
  /** One provider of the list. */
  public record Entry<P>(String name, P provider, Breaker breaker) {}

  /** A provider and the leave to ask it once. */
  public record Choice<P>(Entry<P> entry, Breaker.Permit permit) {}

  private final List<Entry<P>> entries;

  /** Each of these, the preferred one first, with a breaker of its own. */
  public static <P> Fallback<P> of(
      List<? extends P> providers,
      Function<P, String> name,
      ResilienceOptions options,
      BreakerListener listener) {
    List<Entry<P>> entries = new ArrayList<>();
    for (P provider : providers) {
      String called = name.apply(provider);
      entries.add(new Entry<>(called, provider, new Breaker(called, options, listener)));
    }
    return new Fallback<>(entries);
  }

  public Fallback(List<Entry<P>> entries) {
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("a stage needs a provider");
    }
    this.entries = List.copyOf(entries);
  }

  public List<Entry<P>> entries() {
    return entries;
  }

  public List<String> names() {
    return entries.stream().map(Entry::name).toList();
  }

  /** The first acceptable provider whose breaker lets a request through. */
  public Optional<Choice<P>> pick(Predicate<Entry<P>> acceptable) {
    for (Entry<P> entry : entries) {
      if (acceptable.test(entry)) {
        Optional<Breaker.Permit> permit = entry.breaker().tryAcquire();
        if (permit.isPresent()) {
          return Optional.of(new Choice<>(entry, permit.get()));
        }
      }
    }
    return Optional.empty();
  }
}
