package io.voiceagent.speech;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.call.TurnId;
import io.voiceagent.config.Settings;
import io.voiceagent.llm.LlmNode;
import io.voiceagent.llm.LlmOptions;
import io.voiceagent.llm.LlmVerticle;
import io.voiceagent.llm.openai.OpenAiLlm;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The model's stage on a real bus, between a pretended conversation and a pretended voice, against simulated servers on
 * real sockets. All parties share one event loop; the simulators have their own.
 */
final class LlmRig implements AutoCloseable {
  private static final CallId CALL = new CallId("CA1");

  final Vertx vertx = Vertx.vertx(SpeechRig.withoutNames());
  private final Vertx outside = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final VoiceMeters meters = new VoiceMeters(registry);
  final List<Simulators> sims = new ArrayList<>();
  final List<CallFact> facts = new CopyOnWriteArrayList<>();
  /** What the voice was given of the latest turn. */
  final StringBuffer spoken = new StringBuffer();

  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> simValues = new HashMap<>();
  private final Map<Integer, Promise<CallFact>> ends = new HashMap<>();
  private @Nullable Mailbox conversation;
  /** What becomes of the stream to the voice once a word came through. */
  volatile @Nullable Failure voiceLine;

  private @Nullable LlmVerticle model;
  private @Nullable FaultyProxy proxy;
  private volatile int openStreams;
  private int latestTurn;

  LlmRig with(String key, String value) {
    values.put(key, value);
    return this;
  }

  LlmRig sim(String key, String value) {
    simValues.put(key, value);
    return this;
  }

  /** The first server is {@code openai}, behind a line that can break; the others are its fallbacks in this order. */
  LlmRig start(String... fallbacks) throws Exception {
    List<String> servers = new ArrayList<>(List.of("openai"));
    servers.addAll(List.of(fallbacks));
    for (String server : servers) {
      Simulators sim =
          await(Simulators.start(outside, SimulatorOptions.from(Settings.of(simValues))));
      sims.add(sim);
      boolean first = server.equals("openai");
      String url = Objects.requireNonNull(sim.settings().get("llm.openai.url"));
      if (first) {
        FaultyProxy line = await(FaultyProxy.start(outside, URI.create(url).getPort()));
        proxy = line;
        url = "http://127.0.0.1:" + line.port() + "/v1";
      }
      String prefix = first ? "llm.openai" : "llm.fallback." + server;
      values.putIfAbsent(prefix + ".url", url);
      values.putIfAbsent(prefix + ".apiKey", "simulated");
      for (String key : List.of("api", "firstTokenTimeout", "idleTimeout", "connectTimeout")) {
        String value = values.get("llm.openai." + key);
        if (value != null) {
          values.putIfAbsent(prefix + "." + key, value);
        }
      }
    }
    Settings settings = Settings.of(values);
    LlmOptions llm = LlmOptions.from(settings);
    ResilienceOptions resilience = ResilienceOptions.from(settings);
    settings.check();
    LocalBus bus = new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE);
    await(vertx.deployVerticle(new VerticleBase() {
      @Override
      public Future<?> start() {
        Mailbox voice = bus.bind(Stage.TTS);
        voice.accept(StreamType.REPLY_TEXT, (call, request, reader) -> speak(request, reader));
        Mailbox box = bus.bind(Stage.CONVERSATION);
        conversation = box;
        box.on(CallFact.class, (call, fact) -> heard(fact));
        return Future.succeededFuture();
      }
    }));
    LlmVerticle verticle = new LlmVerticle(
        new LlmNode(
            resilience,
            new RetryBudget(resilience),
            llm.servers().stream()
                .map(server -> new OpenAiLlm(server, Clock.SYSTEM))
                .toList(),
            llm.hedgeAfter(),
            meters,
            Clock.SYSTEM),
        bus);
    model = verticle;
    await(vertx.deployVerticle(verticle));
    return this;
  }

  private void speak(SpeechRequest request, BusReader<TextDelta> reader) {
    openStreams++;
    reader.exceptionHandler(e -> openStreams--);
    reader.endHandler(x -> openStreams--);
    reader.handler(delta -> {
      Failure broken = voiceLine;
      if (broken != null) {
        reader.cancel(broken);
      }
      if (request.turn().value() == latestTurn) {
        spoken.append(delta.text());
      }
    });
  }

  private void heard(CallFact fact) {
    facts.add(fact);
    boolean end = fact instanceof CallFact.ReplyCompleted || fact instanceof CallFact.ReplyFailed;
    if (end) {
      Promise<CallFact> waiting = ends.remove(((CallFact.OfTurn) fact).turn().value());
      if (waiting != null) {
        waiting.tryComplete(fact);
      }
    }
  }

  /** The reply's last fact. */
  CallFact ask(int turn, String said) throws Exception {
    return await(asked(turn, said, List.of()));
  }

  Future<CallFact> asked(int turn, String said, List<ToolSpec> tools) {
    Promise<CallFact> end = Promise.promise();
    vertx.runOnContext(x -> {
      ends.put(turn, end);
      spoken.setLength(0);
      latestTurn = turn;
      Mailbox box = Objects.requireNonNull(conversation);
      SpeechRequest speech = new SpeechRequest(
          new TurnId(turn),
          box.self().sibling(Stage.TTS),
          box.self().sibling(Stage.MEDIA),
          box.self(),
          false);
      box.tell(
          box.self().sibling(Stage.LLM),
          CALL,
          new CallOrder.GenerateReply(
              speech, List.of(new Message.System("Be kind."), new Message.User(said)), tools));
    });
    return end.future();
  }

  void order(CallOrder order) {
    vertx.runOnContext(x -> {
      Mailbox box = Objects.requireNonNull(conversation);
      box.tell(box.self().sibling(Stage.LLM), CALL, order);
    });
  }

  Simulators sim() {
    return sims.get(0);
  }

  LlmVerticle model() {
    return Objects.requireNonNull(model);
  }

  FaultyProxy proxy() {
    return Objects.requireNonNull(proxy);
  }

  int openStreams() {
    return openStreams;
  }

  long requests() {
    return sims.stream().mapToLong(sim -> sim.stats().get("llmRequests")).sum();
  }

  double counter(String name, String... tags) {
    return registry.get(name).tags(tags).counters().stream()
        .mapToDouble(c -> c.count())
        .sum();
  }

  /** Runs it where all parties live. */
  <T> T run(Callable<T> action) throws Exception {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(x -> {
      try {
        done.complete(action.call());
      } catch (Exception e) {
        done.fail(e);
      }
    });
    return await(done.future());
  }

  void until(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within 8 s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
    await(outside.close());
  }
}
