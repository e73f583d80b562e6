package io.voiceagent.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.app.VoiceAgentOptions;
import io.voiceagent.cli.text.TextConsole;
import io.voiceagent.config.Settings;
import io.voiceagent.ops.Logs;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code call --text}: the model that is configured, or the simulated one when none is. */
final class TextCall {
  private static final long START_SECONDS = 20;

  /** A call by keyboard needs neither carrier nor voice. */
  private static final Map<String, String> NOT_NEEDED = Map.of(
      "telephony.twilio.validateSignatures", "false",
      "stt.cartesia.apiKey", "unused",
      "stt.cartesia.endpoint", "manual",
      "tts.cartesia.apiKey", "unused");

  private TextCall() {}

  static void run(
      Settings settings, BufferedReader in, PrintWriter out, boolean terminal, double pace)
      throws InterruptedException {
    boolean simulated = SimulatorOptions.from(settings).enabled() || !modelConfigured(settings);
    if (!simulated) {
      talk(with(settings, NOT_NEEDED), "a model", in, out, terminal, pace);
      return;
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      Simulators simulators = Simulators.start(vertx, SimulatorOptions.from(settings))
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
      Map<String, String> all = new LinkedHashMap<>(simulators.settings());
      all.putAll(NOT_NEEDED);
      talk(with(settings, all), "the simulated model", in, out, terminal, pace);
    } catch (ExecutionException | TimeoutException e) {
      throw new StartException("The simulated model did not start: " + e.getMessage(), e);
    } finally {
      vertx.close();
    }
  }

  private static boolean modelConfigured(Settings settings) {
    return !settings.effective("llm.openai.apiKey", "").isEmpty()
        || !settings.effective("llm.openai.url", "").isEmpty();
  }

  private static Settings with(Settings settings, Map<String, String> values) {
    return ServiceSettings.simulated(settings, values);
  }

  private static void talk(
      Settings settings,
      String model,
      BufferedReader in,
      PrintWriter out,
      boolean terminal,
      double pace)
      throws InterruptedException {
    VoiceAgentOptions options = VoiceAgentOptions.from(settings);
    SimulatorOptions.from(settings);
    settings.check();
    Logs.configure(options.log(), Logs.secretsOf(settings));
    out.println("Talking to " + model + ". " + TextConsole.HELP);
    new TextConsole(in, out, terminal, pace).run(options);
  }
}
