package io.voiceagent.cli;

import io.voiceagent.app.VoiceAgentOptions;
import io.voiceagent.config.Settings;

/** Everything that {@code serve} is shaped by: the service and, beside it, the embedded simulators. */
record ServiceSettings(VoiceAgentOptions service) {

  /** Reads every key that exists. Faults are collected in {@code settings}. */
  static ServiceSettings from(Settings settings) {
    return new ServiceSettings(VoiceAgentOptions.from(settings));
  }
}
