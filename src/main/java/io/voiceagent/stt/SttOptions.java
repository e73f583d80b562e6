package io.voiceagent.stt;

import io.voiceagent.config.Settings;
import io.voiceagent.stt.cartesia.CartesiaSttOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Speech to text.
 *
 * @param provider the preferred one: a vendor's name or that of an account
 * @param fallback accounts that take over, in this order
 * @param ring audio that waits for a socket that is open and slow; the oldest is dropped beyond it
 * @param replay audio since the last final that is kept for a new socket
 * @param finalizeTimeout a finalize is answered within this, or the socket counts as dead
 * @param maxOutage without a socket for this long, the transcription has failed
 * @param silenceAfter the caller's audio pauses this long: silence is sent in its place
 * @param cartesia accounts at Cartesia by name; {@code cartesia} is the one of {@code stt.cartesia}
 */
public record SttOptions(
    String provider,
    List<String> fallback,
    Duration ring,
    Duration replay,
    Duration finalizeTimeout,
    Duration maxOutage,
    Duration silenceAfter,
    Map<String, CartesiaSttOptions> cartesia) {

  public static SttOptions from(Settings settings) {
    String provider = settings.string("stt.provider", "cartesia");
    List<String> fallback = settings.list("stt.fallback", List.of());
    Map<String, CartesiaSttOptions> cartesia = new LinkedHashMap<>();
    cartesia.put("cartesia", CartesiaSttOptions.from(settings, "stt.cartesia"));
    for (String name : settings.namesBelow("stt.accounts")) {
      cartesia.put(name, CartesiaSttOptions.from(settings, "stt.accounts." + name));
    }
    SttOptions options = new SttOptions(
        provider,
        fallback,
        settings.duration("stt.ring", Duration.ofSeconds(3)),
        settings.duration("stt.replay", Duration.ofSeconds(20)),
        settings.duration("stt.finalizeTimeout", Duration.ofSeconds(2)),
        settings.duration("stt.maxOutage", Duration.ofSeconds(10)),
        settings.duration("stt.silenceAfter", Duration.ofMillis(500)),
        Map.copyOf(cartesia));
    options.accountNames().forEach(name -> {
      CartesiaSttOptions account = cartesia.get(name);
      if (account != null) {
        account.require(settings);
      }
    });
    if (options.endpoints().distinct().count() > 1) {
      settings.fault(
          "stt.fallback",
          "must name accounts with the endpoint of stt.provider: a call cannot change who ends its turns");
    }
    return options;
  }

  private Stream<CartesiaSttOptions.Endpoint> endpoints() {
    return accountNames().stream()
        .map(cartesia::get)
        .filter(Objects::nonNull)
        .map(CartesiaSttOptions::endpoint);
  }

  /** The preferred account first. */
  public List<String> accountNames() {
    List<String> names = new ArrayList<>(List.of(provider));
    fallback.stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }
}
