package io.voiceagent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import io.voiceagent.sim.SimulatedCaller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Places one call to a running service and shows it as it happens. */
@Command(
    name = "call",
    description = "Place a test call and print it turn by turn.",
    mixinStandardHelpOptions = true)
final class CallCommand implements Callable<Integer> {
  /** What conf/local.yaml configures. */
  private static final String LOCAL_TOKEN = "local-only-not-a-secret";

  private static final List<String> DEMO = List.of(
      "hello i would like to book a table for two", "tomorrow at seven please", "thank you");
  private static final long LONGEST_MINUTES = 10;

  @Spec
  private CommandSpec spec;

  @Option(
      names = "--say",
      paramLabel = "TEXT",
      description = "what the caller says; repeat it for more turns")
  private List<String> lines = List.of();

  @Option(
      names = "--barge-in",
      description = "say every further line over the answer to the one before")
  private boolean bargeIn;

  @Option(names = "--out", paramLabel = "FILE", description = "write what the caller heard as WAV")
  private Path out = Path.of("");

  @Option(names = "--json", description = "print the result as JSON, and nothing else")
  private boolean json;

  @Option(
      names = "--simulated",
      description = "a simulated caller even if an account is configured")
  private boolean simulated;

  @Option(
      names = "--to",
      paramLabel = "NUMBER",
      description = "let the service dial this number (E.164), and follow the call")
  private String to = "";

  @Option(
      names = "--url",
      description = "the service's public listener (default: ${DEFAULT-VALUE})")
  private String url = "http://127.0.0.1:8080";

  @Option(names = "--ops", description = "the service's ops listener (default: ${DEFAULT-VALUE})")
  private String ops = "http://127.0.0.1:5050";

  @Option(
      names = "--auth-token",
      description =
          "signs the simulated carrier's requests (default: TWILIO_AUTH_TOKEN, else the one of conf/local.yaml)")
  private String authToken = "";

  @Option(names = "--from", description = "the caller's number (default: ${DEFAULT-VALUE})")
  private String from = "+15005550010";

  @Option(
      names = "--text",
      description =
          "talk to the turn machine by keyboard, without a service; shows its states and decisions")
  private boolean text;

  @Option(
      names = "--pace",
      description = "with --text: of the agent's voice; 1 is a person's, 0 takes no time")
  private double pace = 1;

  @Mixin
  private ConfigurationOptions configuration = new ConfigurationOptions();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter console = spec.commandLine().getOut();
    if (text) {
      BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      TextCall.run(
          configuration.load("log.level=warn"), keyboard, console, Terminal.attached(), pace);
      return 0;
    }
    if (!to.isEmpty() && !simulated) {
      return new OutboundCall(ops, console).place(number());
    }
    if (Files.isDirectory(out) && !out.toString().isEmpty()
        || out.getParent() != null && !Files.isDirectory(out.getParent())) {
      throw new ParameterException(spec.commandLine(), "--out: cannot write a file " + out);
    }
    String token = authToken.isEmpty()
        ? Objects.requireNonNullElse(System.getenv("TWILIO_AUTH_TOKEN"), LOCAL_TOKEN)
        : authToken;
    Scenario scenario = scenario();
    CallView view = new CallView(json ? new PrintWriter(PrintWriter.nullWriter()) : console, ops);
    Placed placed = place(url, token, from, scenario, view, !out.toString().isEmpty());
    view.summary(placed.result());
    if (json) {
      console.println(asJson(placed.result(), view).encodePrettily());
    }
    if (placed.recording().length > 0) {
      write(placed.recording(), console);
    }
    console.flush();
    return placed.result().good() ? 0 : 1;
  }

  private String number() {
    if (!to.matches("\\+[1-9][0-9]{6,14}")) {
      throw new ParameterException(
          spec.commandLine(), "--to wants a number such as +15550100123, not '" + to + "'");
    }
    return to;
  }

  private Scenario scenario() {
    List<String> said = lines.isEmpty() ? DEMO : lines;
    if (bargeIn && said.size() == 1) {
      said = List.of("tell me a story", said.get(0));
    } else if (bargeIn && lines.isEmpty()) {
      said = List.of("tell me a long story", "stop please", "thank you");
    }
    return Scenario.of(said.toArray(String[]::new)).withBargeIn(bargeIn);
  }

  /** The demo call of {@code serve --call}. */
  static void demo(String url, String ops, String authToken, PrintWriter out)
      throws InterruptedException {
    CallView view = new CallView(out, ops);
    Placed placed = place(
        url, authToken, "+15005550010", Scenario.of(DEMO.toArray(String[]::new)), view, false);
    view.summary(placed.result());
    out.flush();
  }

  private record Placed(CallResult result, byte[] recording) {}

  private static Placed place(
      String url, String token, String from, Scenario scenario, CallView view, boolean record)
      throws InterruptedException {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    try {
      CompletableFuture<SimulatedCaller> placed = new CompletableFuture<>();
      vertx.runOnContext(x -> placed.complete(new CarrierSimulator(vertx, url, token)
          .place(from, "+15005550006", scenario, view, record)));
      SimulatedCaller caller = placed.get();
      CallResult result = caller
          .result()
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_MINUTES, TimeUnit.MINUTES);
      return new Placed(result, caller.recording());
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the call did not end: " + e.getMessage(), e);
    } finally {
      vertx.close();
    }
  }

  private void write(byte[] mulaw, PrintWriter console) {
    try {
      Files.write(out, Wav.ofMuLaw(mulaw));
      if (!json) {
        console.println("What the caller heard is in " + out);
      }
    } catch (IOException e) {
      throw new StartException("cannot write " + out + ": " + e.getMessage(), e);
    }
  }

  private static JsonObject asJson(CallResult result, CallView view) {
    JsonArray turns = new JsonArray();
    int index = 0;
    for (CallResult.Turn turn : result.turns()) {
      turns.add(new JsonObject()
          .put("said", turn.said())
          .put("heard", turn.heard())
          .put("answered", turn.answered())
          .put("interrupted", turn.interrupted())
          .put("firstAudioMs", turn.firstAudioMs())
          .put("reactionMs", turn.reactionMs())
          .put("defects", turn.defects())
          .put("stagesMs", view.stages(index++)));
    }
    return new JsonObject()
        .put("callSid", result.callSid())
        .put("good", result.good())
        .put("problem", result.problem())
        .put("greeting", result.greeting())
        .put("turns", turns)
        .put("gaps", result.gaps())
        .put("longestGapMs", result.longestGapMs());
  }
}
