package io.voiceagent.sim;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All provider simulators of a process, each on its own port, with one control surface at {@code /_sim/} on each. */
public final class Simulators {
  private final SimulatorCore core;
  private final HttpServer cartesia;
  private final HttpServer openAi;
  private final HttpServer twilio;

  private Simulators(
      SimulatorCore core, HttpServer cartesia, HttpServer openAi, HttpServer twilio) {
    this.core = core;
    this.cartesia = cartesia;
    this.openAi = openAi;
    this.twilio = twilio;
  }

  public static Future<Simulators> start(Vertx vertx, SimulatorOptions options) {
    SimulatorCore core = new SimulatorCore(
        vertx,
        options,
        new Faults(options.seed()),
        new Delays(options.seed(), options.jitter()),
        new Stats());
    CartesiaSimulator cartesia = new CartesiaSimulator(core);
    LlmSimulator llm = new LlmSimulator(core);
    TwilioSimulator twilio = new TwilioSimulator(core, new PhoneNetwork(vertx));
    Future<HttpServer> cartesiaServer = vertx
        .createHttpServer(server())
        .webSocketHandshakeHandler(cartesia::handshake)
        .webSocketHandler(cartesia::connected)
        .requestHandler(
            core.control(request -> request.response().setStatusCode(404).end()))
        .listen(options.cartesiaPort(), options.host());
    Future<HttpServer> openAiServer = vertx
        .createHttpServer(server())
        .requestHandler(core.control(llm::handle))
        .listen(options.openAiPort(), options.host());
    Future<HttpServer> twilioServer = vertx
        .createHttpServer(server())
        .requestHandler(core.control(twilio::handle))
        .listen(options.twilioPort(), options.host());
    return Future.all(cartesiaServer, openAiServer, twilioServer)
        .map(x -> new Simulators(
            core, cartesiaServer.result(), openAiServer.result(), twilioServer.result()));
  }

  /** Configuration keys that make the service use these simulators, with keys that they take. */
  public Map<String, String> settings() {
    String host = core.options().host();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("stt.cartesia.url", "ws://" + host + ":" + cartesia.actualPort());
    settings.put("stt.cartesia.apiKey", "simulated");
    settings.put("tts.cartesia.url", "ws://" + host + ":" + cartesia.actualPort());
    settings.put("tts.cartesia.apiKey", "simulated");
    settings.put("llm.openai.url", "http://" + host + ":" + openAi.actualPort() + "/v1");
    settings.put("llm.openai.apiKey", "simulated");
    settings.put("telephony.twilio.baseUrl", "http://" + host + ":" + twilio.actualPort());
    return settings;
  }

  public Faults faults() {
    return core.faults();
  }

  public Stats stats() {
    return core.stats();
  }

  public Future<Void> close() {
    return Future.join(List.of(cartesia.close(), openAi.close(), twilio.close()))
        .mapEmpty();
  }

  private static HttpServerOptions server() {
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setAcceptBacklog(4096)
        .setMaxWebSocketFrameSize(1 << 20)
        .setMaxWebSocketMessageSize(1 << 20)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }
}
