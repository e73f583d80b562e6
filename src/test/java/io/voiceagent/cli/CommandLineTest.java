package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What someone sees who mistypes, and that nothing starts then. */
@Timeout(60)
class CommandLineTest {
  private static final List<String> SECRETS = List.of(
      "--set=telephony.twilio.authToken=the-auth-token",
      "--set=stt.cartesia.apiKey=the-stt-key",
      "--set=tts.cartesia.apiKey=the-tts-key",
      "--set=llm.openai.apiKey=the-llm-key");

  @TempDir
  private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void everyFaultOfFileKeyTypeAndSecretComesInOneMessage() throws IOException {
    Path file = Files.writeString(
        folder.resolve("my.yaml"),
        "media.port: many\nllm:\n  openai:\n    modle: x\n  provider: acme\nagent.instructions: gone.txt\n");

    int exit = run(
        "serve",
        "--config=" + file,
        "--config=" + folder.resolve("missing.yaml"),
        "--set=nonsense",
        "--set=stt.provider=acme",
        "--set=turn.vad.attack=5");

    assertThat(exit).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("missing.yaml does not exist")
        .contains("key=value, not 'nonsense'")
        .contains("media.port must be a whole number, not 'many' (my.yaml)")
        .contains("llm.openai.modle is not a known key (my.yaml); did you mean llm.openai.model?")
        .contains("llm.provider must be openai")
        .contains("stt.provider or stt.fallback names acme")
        .contains("turn.vad.attack must be a duration")
        .contains("the file gone.txt, which does not exist")
        .contains("tts.cartesia.apiKey is missing: set CARTESIA_API_KEY")
        .contains("llm.openai.apiKey is missing: set OPENAI_API_KEY")
        .contains("telephony.twilio.authToken is missing: set TWILIO_AUTH_TOKEN");
  }

  @Test
  void anUnknownOptionIsReportedTogetherWithAWrongConfiguration() {
    assertThat(run("serve", "--sett=a=b", "--set=media.prot=1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("Unknown option: '--sett=a=b'")
        .contains("did you mean media.port?")
        .contains("llm.openai.apiKey is missing")
        .contains("voice-agent serve --help");
  }

  @Test
  void aPortInUseIsSaidAndNothingIsLeftRunning() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      for (String key : List.of("media.port", "ops.port")) {
        String other = key.equals("media.port") ? "ops.port" : "media.port";
        int exit = run(
            "serve",
            "--set=simulator.enabled=true",
            "--set=telephony.twilio.authToken=t",
            "--set=" + other + "=0",
            "--set=" + key + "=" + taken.getLocalPort());

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString())
            .contains("Could not start")
            .contains(String.valueOf(taken.getLocalPort()))
            .contains("in use");
      }
    }
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void configShowsEachValueWithItsSourceAndNoSecret() throws IOException {
    Path file = Files.writeString(folder.resolve("my.yaml"), "agent:\n  greeting: \"\"\n");

    assertThat(run(with("config", SECRETS, "--config=" + file, "--set=limits.maxCalls=7")))
        .isZero();

    assertThat(out.toString())
        .containsPattern("limits.maxCalls: 7 +# --set")
        .containsPattern("agent.greeting:  +# my.yaml")
        .containsPattern("media.port: 8080 +# default")
        .containsPattern("llm.openai.apiKey: \\*+ +# --set")
        .doesNotContain("the-auth-token", "the-stt-key", "the-tts-key", "the-llm-key");
  }

  @Test
  void configKnowsWhatTheEmbeddedSimulatorsBring() {
    assertThat(run("config", "--config=conf/local.yaml")).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("llm.openai.url:  +# the embedded simulator's")
        .containsPattern("simulator.enabled: true +# local.yaml");
  }

  @Test
  void aNumberToDialIsLookedAtFirst() {
    assertThat(run("call", "--to=0800")).isEqualTo(2);
    assertThat(err.toString()).contains("--to wants a number such as +15550100123");
  }

  @Test
  void aCallToNobodyFailsAndSaysWhereItLooked() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(run("call", "--url=http://127.0.0.1:" + port)).isEqualTo(1);
    assertThat(out.toString()).contains("nothing answers at http://127.0.0.1:" + port);
  }

  private static String[] with(String command, List<String> options, String... more) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(options);
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private int run(String... words) {
    return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }
}
