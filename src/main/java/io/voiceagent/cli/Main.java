package io.voiceagent.cli;

import io.voiceagent.cli.alerts.ProveAlerts;
import io.voiceagent.cli.soak.SoakCommand;
import io.voiceagent.config.SettingsException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Entry point of the jar. Exit codes: 0 done, 1 the work failed, 2 the command line or the configuration is wrong. */
@Command(
    name = "voice-agent",
    description = "A telephone voice agent: answers calls, listens, thinks and speaks.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      ServeCommand.class,
      CallCommand.class,
      LoadtestCommand.class,
      ReplayCommand.class,
      SimulateCommand.class,
      ConfigCommand.class,
      ProveAlerts.class,
      SoakCommand.class
    })
public final class Main implements java.util.concurrent.Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Mixin
  private ConfigurationOptions configuration = new ConfigurationOptions();

  Main() {}

  public static void main(String[] args) {
    System.exit(
        execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  /** Runs one command line and returns its exit code; for {@code main} and for tests. */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(Main::report)
        .execute(args);
  }

  /** Without a command: serve. */
  @Override
  public Integer call() throws InterruptedException {
    return ServeCommand.run(configuration, false, false, spec.commandLine().getOut());
  }

  /** A wrong command line, and what is wrong with the configuration too: nobody should have to ask twice. */
  private static int misused(CommandLine.ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("The command line is wrong; nothing was started:");
    err.println("  " + wrong.getMessage());
    configurationFaults(command).forEach(fault -> err.println("  " + fault));
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Help: " + command.getCommandSpec().qualifiedName() + " --help");
    return 2;
  }

  private static List<String> configurationFaults(CommandLine command) {
    for (CommandSpec mixin : command.getCommandSpec().mixins().values()) {
      if (mixin.userObject() instanceof ConfigurationOptions configured) {
        try {
          ServiceSettings.checked(configured.load());
        } catch (SettingsException faulty) {
          return faulty.faults();
        }
      }
    }
    return List.of();
  }

  private static int report(Exception cause, CommandLine command, CommandLine.ParseResult parsed) {
    if (cause instanceof SettingsException wrong) {
      command.getErr().println("The configuration is wrong; nothing was started:");
      wrong.faults().forEach(fault -> command.getErr().println("  " + fault));
      return 2;
    }
    if (cause instanceof StartException failed) {
      command.getErr().println(failed.getMessage());
      return 2;
    }
    command.getErr().println(command.getCommandName() + " failed: " + cause);
    return 1;
  }

  /** Reads the version from the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"voice-agent " + (version == null ? "(not packaged)" : version)};
    }
  }
}
