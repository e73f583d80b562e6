package io.voiceagent.cli;

import io.voiceagent.config.Settings;
import java.io.PrintWriter;
import java.util.Set;
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
  /** Known only once the simulators listen. */
  private static final Set<String> SIMULATED =
      Set.of("stt.cartesia.url", "tts.cartesia.url", "llm.openai.url", "telephony.twilio.baseUrl");

  @Spec
  private CommandSpec spec;

  @Mixin
  private ConfigurationOptions configuration = new ConfigurationOptions();

  @Override
  public Integer call() {
    Settings settings = ServiceSettings.completed(configuration.load());
    boolean simulated = ServiceSettings.from(settings).simulators().enabled();
    settings.check();
    PrintWriter out = spec.commandLine().getOut();
    for (Settings.Known known : settings.known()) {
      boolean taken = simulated
          && SIMULATED.contains(known.key())
          && !settings.sourceOf(known.key()).equals("--set");
      String line = known.key() + ": " + (taken ? "" : shown(settings, known));
      String source = taken ? "the embedded simulator's" : settings.sourceOf(known.key());
      out.printf("%-71s # %s%n", line, source);
    }
    return 0;
  }

  private static String shown(Settings settings, Settings.Known known) {
    String value = settings.effective(known.key(), known.fallback());
    return known.secret() && !value.isEmpty() ? "********" : value.replace("\n", "\\n");
  }
}
