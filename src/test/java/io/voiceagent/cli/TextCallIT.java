package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.voiceagent.app.SettingsLoader;
import io.voiceagent.config.Settings;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The turn machine by keyboard, through what a person types and reads. */
class TextCallIT {
  @Test
  void whatIsTypedIsSaidAndEveryDecisionIsShown() throws Exception {
    String shown = process(
        "tell me a long story\n!echo one two three\n/keys 12#\n/cough\nthank you\n",
        "--pace=0.2",
        "--set",
        "turn.thinkingTimeout=1m",
        "--set",
        "turn.bargeIn.falseAfter=100ms",
        "--set",
        "agent.greeting=Hello there.");

    assertThat(shown)
        .contains("Talking to the simulated model")
        .containsSubsequence(
            "Started[",
            "-> thinking",
            "Say[turn=t1, text=Hello there.",
            "agent   Hello there.",
            "-> speaking",
            "-> listening",
            "caller  tell me a long story",
            "Generate[turn=t2, 4 messages]",
            "agent   Once upon a time",
            "Clear[",
            "BargedIn[",
            "agent   one two three.",
            "DigitPressed[",
            "agent   You said keys pressed 12.",
            "caller  /cough",
            "caller  thank you",
            "agent   You said thank you.",
            "agent   Is there anything else I can do for you?",
            "CarrierGone[",
            "-> ended")
        .doesNotContain("Exception");
  }

  @Test
  void aModelIsTakenByConfigurationAndTheAgentMayHangUp() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Simulators server =
          LiveService.await(Simulators.start(vertx, SimulatorOptions.from(Settings.of(Map.of()))));
      Settings settings = new SettingsLoader(Map.of())
          .load(
              List.of(),
              List.of(
                  "llm.openai.url=" + server.settings().get("llm.openai.url"),
                  "llm.openai.apiKey=key",
                  "agent.greeting=",
                  "llm.openai.firstTokenTimeout=50s",
                  "llm.openai.totalTimeout=60s",
                  "turn.thinkingTimeout=1m",
                  "log.level=warn"));
      StringWriter shown = new StringWriter();

      TextCall.run(
          settings,
          new BufferedReader(new StringReader("goodbye\nnobody hears this\n")),
          new PrintWriter(shown, true),
          false,
          0);

      assertThat(shown.toString())
          .contains("Talking to a model")
          .containsSubsequence("caller  goodbye", "agent   Goodbye", "HangUp[reason=AGENT_HUNG_UP]")
          .doesNotContain("nobody hears this");
      assertThat(server.stats().get("llmRequests")).isPositive();
    } finally {
      LiveService.await(vertx.close());
    }
  }

  private static String process(String typed, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        "io.voiceagent.cli.Main",
        "call",
        "--text"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(shown).isZero();
    return shown;
  }
}
