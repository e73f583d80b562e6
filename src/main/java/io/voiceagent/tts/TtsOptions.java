package io.voiceagent.tts;

import io.voiceagent.config.Settings;
import io.voiceagent.tts.cartesia.CartesiaTtsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Text to speech.
 *
 * @param provider the preferred one: a vendor's name or that of an account
 * @param fallback accounts that take over, in this order
 * @param maxAhead how much sound may wait for the carrier before the provider gets no more text
 * @param maxBuffered sound of one utterance that may wait in memory before the provider's socket is paused
 * @param cacheBytes most audio of fixed texts that is kept
 * @param cartesia accounts at Cartesia by name; {@code cartesia} is the one of {@code tts.cartesia}
 */
public record TtsOptions(
    String provider,
    List<String> fallback,
    Duration maxAhead,
    Duration maxBuffered,
    int cacheBytes,
    SegmentOptions segments,
    Map<String, CartesiaTtsOptions> cartesia) {

  public static TtsOptions from(Settings settings) {
    String provider = settings.string("tts.provider", "cartesia");
    List<String> fallback = settings.list("tts.fallback", List.of());
    Map<String, CartesiaTtsOptions> cartesia = new LinkedHashMap<>();
    cartesia.put("cartesia", CartesiaTtsOptions.from(settings, "tts.cartesia"));
    for (String name : settings.namesBelow("tts.accounts")) {
      cartesia.put(name, CartesiaTtsOptions.from(settings, "tts.accounts." + name));
    }
    TtsOptions options = new TtsOptions(
        provider,
        fallback,
        settings.duration("tts.maxAhead", Duration.ofSeconds(10)),
        settings.duration("tts.maxBuffered", Duration.ofSeconds(30)),
        settings.integer("tts.cacheKb", 4096, 0, 1 << 20) * 1024,
        SegmentOptions.from(settings),
        Map.copyOf(cartesia));
    options.accountNames().forEach(name -> {
      CartesiaTtsOptions account = cartesia.get(name);
      if (account != null) {
        account.require(settings);
      }
    });
    return options;
  }

  /** The preferred account first. */
  public List<String> accountNames() {
    List<String> names = new ArrayList<>(List.of(provider));
    fallback.stream().filter(name -> !names.contains(name)).forEach(names::add);
    return names;
  }
}
