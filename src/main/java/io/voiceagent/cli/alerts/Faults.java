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
  /** More than 85 % of what may call. */
  private static final int SILENT = SimulatorPorts.MAX_CALLS - 1;

  private final ServiceProcess service;
  private final SimulatorPorts simulators;
  private final Traffic traffic;
  private final StandIn standIn;

  Faults(ServiceProcess service, SimulatorPorts simulators, Traffic traffic, StandIn standIn) {
    this.service = service;
    this.simulators = simulators;
    this.traffic = traffic;
    this.standIn = standIn;
  }

  /** Rounds, one after the other; the faults of a round are there at the same time because none hides another. */
  List<List<Fault>> rounds() {
    return List.of(
        List.of(ofProvider(
            "the voice answers 429",
            List.of(
                "CartesiaTTSRateLimitHigh",
                "CartesiaTTSRateLimitCritical",
                "CartesiaTTSErrorRateHigh"),
            new JsonObject().put("provider", "tts").put("kind", "error").put("status", 429))),
        List.of(ofProvider(
            "the model answers 500",
            List.of("OpenAIStreamErrorRateHigh", "ProviderBreakerOpen", "TurnsFailing"),
            new JsonObject().put("provider", "llm").put("kind", "status").put("status", 500))),
        List.of(ofProvider(
            "the model never answers",
            List.of("OpenAIStreamTimeoutHigh"),
            new JsonObject().put("provider", "llm").put("kind", "hang"))),
        List.of(
            ofProvider(
                "the model's first token takes 2.5 s",
                List.of("TimeToFirstAudioSlow"),
                new JsonObject().put("provider", "llm").put("kind", "slowFirst").put("ms", 2500)),
            ofProvider(
                "every final comes twice",
                List.of("DropsRising"),
                new JsonObject().put("provider", "stt").put("kind", "duplicateFinal")),
            refusedCalls(),
            new Fault(
                "a node (stand-in) loses count",
                List.of("CallsLeak"),
                () -> standIn.lost(10),
                () -> standIn.lost(0))),
        List.of(silentCarriers(), stutter()),
        List.of(
            new Fault(
                "the account allows one voice at a time",
                List.of("AddedLatencyHigh"),
                () -> service.restart("tts.cartesia.maxConcurrentContexts=1"),
                service::restart),
            ofProvider(
                "the model answers at once",
                List.of("ImplausibleFirstByte"),
                new JsonObject().put("provider", "llm").put("kind", "slowFirst").put("ms", -150))),
        List.of(new Fault(
            "the service is killed", List.of("VoiceAgentDown"), service::kill, service::start)));
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

  private Fault silentCarriers() {
    SilentCarriers carriers = new SilentCarriers(service.url());
    return new Fault(
        "carriers fall silent in mid-call",
        List.of("CallsStuck", "CallsWithoutAudio", "CapacityNearLimit"),
        () -> {
          traffic.pause();
          service.awaitCalls(0);
          carriers.begin(SILENT);
        },
        () -> {
          carriers.end();
          traffic.resume();
        });
  }

  private Fault stutter() {
    Stutter stutter = new Stutter(service);
    return new Fault(
        "the process is stopped for moments",
        List.of("EventLoopLagHigh"),
        stutter::begin,
        stutter::end);
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
