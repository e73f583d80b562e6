package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** conf/voice-agent.yaml documents exactly the keys that are read, with their real defaults. */
class ConfigDocumentedTest {
  private static final Pattern LINE = Pattern.compile(
      "#?([a-z][A-Za-z0-9]*(?:\\.(?:[A-Za-z0-9-]+|<name>))+):(?: (.*?))?(?:\\s+# .*)");

  @Test
  void everyKeyReadIsDocumentedWithItsDefaultAndNoOther() throws IOException {
    Map<String, String> documented = documented();
    Map<String, String> examples = new TreeMap<>();
    documented.forEach((key, value) -> {
      if (key.contains("<name>")) {
        examples.put(key.replace("<name>", "example"), value);
      }
    });
    Settings settings = Settings.of(examples);
    ServiceSettings.from(settings);

    Map<String, String> read = new TreeMap<>();
    for (Settings.Known known : settings.known()) {
      read.put(known.key().replace(".example", ".<name>"), known.fallback());
    }
    documented.keySet().removeIf(key -> key.contains("<name>") && read.containsKey(key));
    read.keySet().removeIf(key -> key.contains("<name>"));

    assertThat(documented)
        .as("conf/voice-agent.yaml against the keys read by ServiceSettings.from "
            + "(an options record must be a component of app.VoiceAgentOptions)")
        .isEqualTo(read);
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> keys = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("conf/voice-agent.yaml"))) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String value = matcher.group(2);
        keys.put(matcher.group(1), value == null ? "" : unquote(value.strip()));
      }
    }
    return keys;
  }

  private static String unquote(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
