package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents tell a reader to type, and the files they send a reader to. */
class DocumentedCommandsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Pattern SCRIPT =
      Pattern.compile("scripts/(?!common)([a-z_0-9]+\\.sh)([^|#`\n]*)");
  private static final Pattern JAR =
      Pattern.compile("java -jar target/voice-agent\\.jar ([a-z-]+)([^|#`\n\\[]*)");
  private static final Pattern FILE =
      Pattern.compile("(?<![\\w/.-])(?:scripts|conf|docs|monitoring|deploy|src)/[\\w./-]*\\w");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");
  /** Commands of the jar that a script hands its options on to. */
  private static final Map<String, String> HANDS_ON = Map.of(
      "load_test.sh", "loadtest",
      "make_call_v4.sh", "call",
      "run_local.sh", "serve",
      "prove_alerts.sh", "prove-alerts",
      "soak.sh", "soak");

  @TempDir
  private Path elsewhere;

  @Test
  void everyScriptSaysFromAnyFolderWhatItDoes() throws Exception {
    for (Path script : scripts()) {
      assertThat(help(script.getFileName().toString()))
          .as("%s --help", script)
          .startsWith("usage: scripts/" + script.getFileName());
    }
  }

  @Test
  void everyOptionThatADocumentNamesExists() throws Exception {
    Map<String, String> helps = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    int seen = 0;
    for (Path document : documents()) {
      String text = Files.readString(document);
      for (Pattern command : List.of(SCRIPT, JAR)) {
        Matcher named = command.matcher(text);
        while (named.find()) {
          String name = named.group(1);
          if (!helps.containsKey(name)) {
            helps.put(name, command == JAR ? helpOfJar(name) : help(name));
          }
          Matcher option = OPTION.matcher(named.group(2));
          while (option.find()) {
            seen++;
            if (!Pattern.compile(option.group() + "\\b(?!-)")
                .matcher(helps.get(name))
                .find()) {
              unknown.add(document + ": " + name + " " + option.group());
            }
          }
        }
      }
    }

    assertThat(unknown).isEmpty();
    assertThat(seen).as("options looked at").isGreaterThan(15);
  }

  @Test
  void everyFileThatADocumentNamesExists() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Path document : documents()) {
      Matcher named = FILE.matcher(Files.readString(document));
      while (named.find()) {
        if (!Files.exists(ROOT.resolve(named.group()))) {
          missing.add(document + ": " + named.group());
        }
      }
    }

    // The reader's own, by the example of README.
    assertThat(missing).containsExactly("README.md: conf/my-agent.txt");
  }

  private String help(String script) throws IOException, InterruptedException {
    String own = said("bash", ROOT.resolve("scripts").resolve(script).toString(), "--help");
    return HANDS_ON.containsKey(script) ? own + helpOfJar(HANDS_ON.get(script)) : own;
  }

  private static String helpOfJar(String command) {
    StringWriter out = new StringWriter();
    PrintWriter to = new PrintWriter(out);
    assertThat(Main.execute(to, to, command, "--help")).as(command + " --help").isZero();
    return out.toString();
  }

  private String said(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command)
        .directory(elsewhere.toFile())
        .redirectErrorStream(true)
        .start();
    String said = new String(
        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("scripts"))) {
      List<Path> scripts = files
          .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
          .sorted()
          .toList();
      assertThat(scripts).isNotEmpty();
      return scripts;
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")),
              docs.filter(file -> file.toString().endsWith(".md")))
          .toList();
    }
  }
}
