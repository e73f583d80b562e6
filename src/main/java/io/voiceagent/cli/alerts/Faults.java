package io.voiceagent.cli.alerts;

import io.vertx.core.json.JsonObject;
import io.voiceagent.cli.alerts.AlertProof.Fault;
import io.voiceagent.cli.alerts.AlertProof.Switch;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What is made to go wrong, and which alerts must say so. */
final class Faults {
  private final ServiceProcess service;
  private final SimulatorPorts simulators;

  Faults(ServiceProcess service, SimulatorPorts simulators) {
    this.service = service;
    this.simulators = simulators;
  }

  List<Fault> all() {
    return List.of(
        ofProvider(
            "the voice answers 429",
            List.of(
                "CartesiaTTSRateLimitHigh",
                "CartesiaTTSRateLimitCritical",
                "CartesiaTTSErrorRateHigh"),
            new JsonObject().put("provider", "tts").put("kind", "error").put("status", 429)),
        ofProvider(
            "the model answers 500",
            List.of("OpenAIStreamErrorRateHigh", "ProviderBreakerOpen", "TurnsFailing"),
            new JsonObject().put("provider", "llm").put("kind", "status").put("status", 500)),
        ofProvider(
            "the model never answers",
            List.of("OpenAIStreamTimeoutHigh"),
            new JsonObject().put("provider", "llm").put("kind", "hang")),
        ofProvider(
            "the model's first token takes 2.5 s",
            List.of("TimeToFirstAudioSlow"),
            new JsonObject().put("provider", "llm").put("kind", "slowFirst").put("ms", 2500)),
        refusedCalls(),
        new Fault(
            "the service is killed", List.of("VoiceAgentDown"), service::kill, service::start));
  }

  private Fault ofProvider(String name, List<String> alerts, JsonObject fault) {
    Switch on =
        () -> expect(204, service.post(simulators.faults(), "application/json", fault.encode()));
    Switch off = () -> expect(204, service.delete(simulators.faults()));
    return new Fault(name, alerts, on, off);
  }

  /** Webhooks that are none. */
  private Fault refusedCalls() {
    ScheduledExecutorService caller = Executors.newSingleThreadScheduledExecutor();
    Switch on =
        () -> caller.scheduleWithFixedDelay(this::badWebhook, 0, 200, TimeUnit.MILLISECONDS);
    return new Fault("webhooks without a call", List.of("CallsRefused"), on, caller::shutdownNow);
  }

  private void badWebhook() {
    try {
      service.post(
          service.url() + "/twilio/voice", "application/x-www-form-urlencoded", "From=nobody");
    } catch (IOException e) {
      // The next one will tell.
    }
  }

  private static void expect(int wanted, int status) throws IOException {
    if (status != wanted) {
      throw new IOException("the simulators' control surface answered " + status);
    }
  }
}
