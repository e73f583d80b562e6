package io.voiceagent.cli;

import io.voiceagent.app.VoiceAgentOptions;
import io.voiceagent.config.Settings;
import io.voiceagent.sim.SimulatorOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that {@code serve} is shaped by: the service and, beside it, the embedded simulators. */
record ServiceSettings(VoiceAgentOptions service, SimulatorOptions simulators) {
  /** Stands for the keys that an embedded simulator will take. */
  private static final Map<String, String> SIMULATED = Map.of(
      "stt.cartesia.apiKey", "simulated",
      "tts.cartesia.apiKey", "simulated",
      "llm.openai.apiKey", "simulated");

  /** Reads every key that exists. Faults are collected in {@code settings}. */
  static ServiceSettings from(Settings settings) {
    return new ServiceSettings(VoiceAgentOptions.from(settings), SimulatorOptions.from(settings));
  }

  /** The settings as they are once the simulators stand in for the providers, unless {@code --set} says otherwise. */
  static Settings simulated(Settings settings, Map<String, String> simulators) {
    Map<String, Settings.Entry> entries = new LinkedHashMap<>(settings.entries());
    simulators.forEach((key, value) -> {
      if (!settings.sourceOf(key).equals("--set")) {
        entries.put(key, new Settings.Entry(value, "simulator"));
      }
    });
    return settings.with(entries);
  }

  /** The settings with what embedded simulators would add, if they are switched on. */
  static Settings completed(Settings settings) {
    // Read from a copy: a fault in there is found again, with all others.
    boolean simulated = SimulatorOptions.from(settings.with(settings.entries())).enabled();
    return simulated ? simulated(settings, SIMULATED) : settings;
  }

  /** All faults at once, before anything is started. */
  static ServiceSettings checked(Settings settings) {
    Settings completed = completed(settings);
    ServiceSettings read = from(completed);
    completed.check();
    return read;
  }
}
