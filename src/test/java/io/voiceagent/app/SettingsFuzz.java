package io.voiceagent.app;

import io.voiceagent.config.Settings;
import io.voiceagent.config.SettingsException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Configuration files: settings, or every fault of theirs. */
public final class SettingsFuzz {
  private SettingsFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    try {
      SettingsLoader loader = new SettingsLoader(Map.of("HOME", "/root"));
      loader.read(new StringReader(text), "fuzz.yaml");
      Settings settings = loader.load(List.of(), List.of());
      VoiceAgentOptions.from(settings);
      settings.check();
    } catch (SettingsException declared) {
      if (declared.getMessage() == null) {
        throw new AssertionError("a fault without a word");
      }
    }
  }
}
