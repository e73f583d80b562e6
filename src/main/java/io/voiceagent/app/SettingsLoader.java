package io.voiceagent.app;

import io.voiceagent.config.Settings;
import io.voiceagent.config.Settings.Entry;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Files, then the environment, then {@code --set}: the later one wins. Every fault of every source is reported at once.
 */
public final class SettingsLoader {
  /** Environment variables that work without any file. One may fill several keys. */
  private static final Map<String, List<String>> ENVIRONMENT = Map.of(
      "OPENAI_API_KEY", List.of("llm.openai.apiKey"),
      "OPENAI_BASE_URL", List.of("llm.openai.url"),
      "OPENAI_MODEL", List.of("llm.openai.model"),
      "CARTESIA_API_KEY", List.of("stt.cartesia.apiKey", "tts.cartesia.apiKey"),
      "CARTESIA_VOICE_ID", List.of("tts.cartesia.voice"),
      "TWILIO_ACCOUNT_SID", List.of("telephony.twilio.accountSid"),
      "TWILIO_AUTH_TOKEN", List.of("telephony.twilio.authToken"),
      "TWILIO_PHONE_NUMBER", List.of("telephony.twilio.from"),
      "PUBLIC_URL", List.of("media.publicUrl"));

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?}");

  /** A configuration file larger than this is a mistake. */
  private static final int MAX_FILE_CODE_POINTS = 1 << 20;

  private final Map<String, String> environment;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  /** The environment is passed in so that a test can hold it. */
  public SettingsLoader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads all sources. A file that is missing or broken and an assignment that is none are faults of the settings: their
   * {@code check()} tells them together with those of the values.
   *
   * @param assignments {@code key=value}, as given to {@code --set}
   */
  public Settings load(List<Path> files, List<String> assignments) {
    files.forEach(this::readFile);
    readEnvironment();
    assignments.forEach(this::readAssignment);
    return new Settings(entries, faults);
  }

  private void readFile(Path file) {
    if (!Files.isRegularFile(file)) {
      faults.add("configuration file " + file + " does not exist");
      return;
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read(reader, file.getFileName().toString());
    } catch (IOException e) {
      faults.add("configuration file " + file + " cannot be read: " + e.getMessage());
    }
  }

  /** One file's text. Faults are kept until {@link #load}. */
  void read(Reader reader, String name) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_FILE_CODE_POINTS);
    options.setMaxAliasesForCollections(10);
    options.setNestingDepthLimit(20);
    try {
      Object root = new Yaml(new SafeConstructor(options)).load(reader);
      if (root instanceof Map<?, ?> map) {
        flatten("", map, name);
      } else if (root != null) {
        faults.add("configuration file " + name + " must hold keys and values");
      }
    } catch (YAMLException | IllegalArgumentException | ClassCastException e) {
      // The latter two for a value whose tag promises what it does not keep.
      faults.add("configuration file " + name + " is not valid YAML: " + firstLine(e));
    }
  }

  private void flatten(String prefix, Map<?, ?> map, String source) {
    map.forEach((name, value) -> {
      String key = prefix + name;
      if (value instanceof Map<?, ?> inner) {
        flatten(key + ".", inner, source);
      } else if (value instanceof List<?> list) {
        put(key, String.join(",", list.stream().map(String::valueOf).toList()), source);
      } else {
        put(key, value == null ? "" : String.valueOf(value), source);
      }
    });
  }

  private void readEnvironment() {
    ENVIRONMENT.forEach((name, keys) -> {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        keys.forEach(key -> entries.put(key, new Entry(value.strip(), "environment " + name)));
      }
    });
  }

  private void readAssignment(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      faults.add("--set wants key=value, not '" + assignment + "'");
      return;
    }
    put(assignment.substring(0, equals).strip(), assignment.substring(equals + 1), "--set");
  }

  private void put(String key, String value, String source) {
    entries.put(key, new Entry(resolve(key, value, source), source));
  }

  private String resolve(String key, String value, String source) {
    Matcher matcher = REFERENCE.matcher(value);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String fallback = matcher.group(2);
      String found = matcher.group(1).equals("file") && fallback != null
          ? fileText(key, fallback, source)
          : environment.get(matcher.group(1));
      if (found == null && fallback == null) {
        faults.add(key + " names the environment variable " + matcher.group(1)
            + ", which is not set (" + source + ")");
      }
      String replacement = found != null ? found : fallback != null ? fallback : "";
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(replacement));
    }
    return matcher.appendTail(resolved).toString();
  }

  /** {@code ${file:PATH}}: secrets that an orchestrator mounts need pass through no environment. */
  private String fileText(String key, String path, String source) {
    try {
      Path file = Path.of(path);
      if (Files.size(file) <= MAX_FILE_CODE_POINTS) {
        return Files.readString(file).strip();
      }
      faults.add(key + " names the file " + path + ", which is too large (" + source + ")");
    } catch (IOException | InvalidPathException e) {
      faults.add(key + " names the file " + path + ", which cannot be read (" + source + ")");
    }
    return "";
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", " ").strip();
  }
}
