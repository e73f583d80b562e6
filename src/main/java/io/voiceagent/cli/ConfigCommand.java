package io.voiceagent.cli;

import io.voiceagent.config.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Validates the configuration and prints what is in effect, each value with its source, secrets masked. */
@Command(
    name = "config",
    description = "Validate, and print the effective configuration with the source of every value.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Mixin
  private ConfigurationOptions configuration = new ConfigurationOptions();

  @Override
  public Integer call() {
    Settings settings = configuration.load();
    ServiceSettings.from(settings);
    settings.check();
    PrintWriter out = spec.commandLine().getOut();
    for (Settings.Known known : settings.known()) {
      out.printf(
          "%-44s %-40s %s%n", known.key(), shown(settings, known), settings.sourceOf(known.key()));
    }
    return 0;
  }

  private static String shown(Settings settings, Settings.Known known) {
    String value = settings.effective(known.key(), known.fallback());
    if (value.isEmpty()) {
      return "-";
    }
    return known.secret() ? "********" : value.replace("\n", "\\n");
  }
}
