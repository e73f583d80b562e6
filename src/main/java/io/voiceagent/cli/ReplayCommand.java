package io.voiceagent.cli;

import io.voiceagent.conversation.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Feeds recorded calls through the turn machine and fails on a different decision. */
@Command(
    name = "replay",
    description = "Replay recorded calls through the turn machine; exit 1 on a different decision.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "*.call.jsonl")
  private List<Path> files = List.of();

  @Option(names = "--quiet", description = "print differences only")
  private boolean quiet;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    int differences = 0;
    for (Path file : files) {
      differences += replay(file, out);
    }
    out.println(
        differences == 0 ? "every decision is the same" : differences + " different decisions");
    return differences == 0 ? 0 : 1;
  }

  private int replay(Path file, PrintWriter out) {
    List<Replay.Step> steps;
    try {
      steps = Replay.of(Files.readAllLines(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException("cannot replay " + file + ": " + e.getMessage(), e);
    }
    out.println(file + ": " + steps.size() + " events");
    int differences = 0;
    for (Replay.Step step : steps) {
      if (!quiet || !step.same()) {
        out.println("  " + step.time() + "  " + step.event() + "  -> " + step.state());
      }
      if (step.same()) {
        if (!quiet) {
          step.decided().forEach(effect -> out.println("      " + effect));
        }
        continue;
      }
      differences++;
      out.println("    DIFFERENT, line " + step.line() + " (- recorded, + decided now):");
      if (step.missing().isEmpty() && step.added().isEmpty()) {
        out.println("      the same in another order:");
        step.recorded().forEach(effect -> out.println("      - " + effect));
        step.decided().forEach(effect -> out.println("      + " + effect));
      }
      step.missing().forEach(effect -> out.println("      - " + effect));
      step.added().forEach(effect -> out.println("      + " + effect));
    }
    return differences;
  }
}
