package io.voiceagent.cli;

import io.voiceagent.app.SettingsLoader;
import io.voiceagent.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options by which every command is configured. */
final class ConfigurationOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with configuration; repeat it, the later file wins")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "one configuration value; wins over files and environment")
  private List<String> assignments = new ArrayList<>();

  Settings load(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(assignments);
    return new SettingsLoader(System.getenv()).load(files, all);
  }
}
