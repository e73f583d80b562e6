package io.voiceagent.app;

import io.vertx.core.Vertx;
import io.voiceagent.audio.EnergyDetector;
import io.voiceagent.audio.VoiceDetector;
import io.voiceagent.call.Clock;
import io.voiceagent.config.Settings;
import io.voiceagent.llm.LlmOptions;
import io.voiceagent.llm.LlmProvider;
import io.voiceagent.llm.openai.OpenAiLlm;
import io.voiceagent.media.VoiceOptions;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.stt.SttOptions;
import io.voiceagent.stt.SttProvider;
import io.voiceagent.stt.cartesia.CartesiaStt;
import io.voiceagent.tts.TtsOptions;
import io.voiceagent.tts.TtsProvider;
import io.voiceagent.tts.cartesia.CartesiaTts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** The list of providers and detectors: whoever adds one adds a line here. */
final class Catalog {
  private static final List<String> DETECTORS = List.of("energy");

  private Catalog() {}

  static List<SttProvider> stt(SttOptions options) {
    List<SttProvider> providers = new ArrayList<>();
    for (String name : options.accountNames()) {
      providers.add(new CartesiaStt(
          label(name, "stt"), Objects.requireNonNull(options.cartesia().get(name))));
    }
    return providers;
  }

  static List<LlmProvider> llm(LlmOptions options, Clock clock) {
    List<LlmProvider> providers = new ArrayList<>();
    options.servers().forEach(server -> providers.add(new OpenAiLlm(server, clock)));
    return providers;
  }

  /** @param part of what an account allows, as much as this process may use now */
  static List<TtsProvider> tts(
      TtsOptions options, IntUnaryOperator part, Vertx vertx, VoiceMeters meters, Clock clock) {
    List<TtsProvider> providers = new ArrayList<>();
    for (String name : options.accountNames()) {
      providers.add(new CartesiaTts(
          label(name, "tts"),
          Objects.requireNonNull(options.cartesia().get(name)),
          part,
          vertx,
          meters,
          clock));
    }
    return providers;
  }

  /** One detector per call, by {@code turn.vad.detector}. */
  static Supplier<VoiceDetector> voiceDetectors(VoiceOptions options) {
    return switch (options.detector()) {
      case "energy" -> () -> new EnergyDetector(options.energy());
      default -> throw new IllegalStateException("check() knows every detector");
    };
  }

  /** Faults of names that no provider or detector has. */
  static void check(VoiceAgentOptions options, Settings settings) {
    options.stt().accountNames().stream()
        .filter(name -> !options.stt().cartesia().containsKey(name))
        .forEach(name -> settings.fault(
            "stt.provider",
            "or stt.fallback names " + name
                + ", which is neither cartesia nor one of stt.accounts"));
    options.tts().accountNames().stream()
        .filter(name -> !options.tts().cartesia().containsKey(name))
        .forEach(name -> settings.fault(
            "tts.provider",
            "or tts.fallback names " + name
                + ", which is neither cartesia nor one of tts.accounts"));
    if (!DETECTORS.contains(options.media().voice().detector())) {
      settings.fault("turn.vad.detector", "must be one of " + String.join(", ", DETECTORS));
    }
    if (!options.llm().provider().equals("openai")) {
      settings.fault("llm.provider", "must be openai, which is any compatible server by its URL");
    }
  }

  /** One vendor serves two stages: its label says which. */
  private static String label(String account, String stage) {
    return account + "_" + stage;
  }
}
