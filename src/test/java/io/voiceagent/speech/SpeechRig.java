package io.voiceagent.speech;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.BusWriter;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;
import io.voiceagent.config.Settings;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.resilience.RetryBudget;
import io.voiceagent.sim.Faults.Fault;
import io.voiceagent.sim.Modem;
import io.voiceagent.sim.ModemDecoder;
import io.voiceagent.sim.SimulatorOptions;
import io.voiceagent.sim.Simulators;
import io.voiceagent.stt.SttNode;
import io.voiceagent.stt.SttOptions;
import io.voiceagent.stt.SttProvider;
import io.voiceagent.stt.SttVerticle;
import io.voiceagent.stt.cartesia.CartesiaStt;
import io.voiceagent.tts.TtsNode;
import io.voiceagent.tts.TtsOptions;
import io.voiceagent.tts.TtsProvider;
import io.voiceagent.tts.TtsVerticle;
import io.voiceagent.tts.cartesia.CartesiaTts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The speech stages on a real bus, between a pretended media and a pretended conversation, against simulated providers on
 * real sockets. All parties share one event loop; the simulators have their own.
 */
public final class SpeechRig implements AutoCloseable {
  public static final CallId CALL = new CallId("CA1");

  public final Vertx vertx = Vertx.vertx(withoutNames());
  private final Vertx outside = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  public final VoiceMeters meters = new VoiceMeters(registry);
  public final List<Simulators> sims = new ArrayList<>();
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> simValues = new HashMap<>();
  public final List<CallFact> facts = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  public final Ear ear = new Ear();
  private @Nullable Mailbox media;
  private @Nullable Mailbox conversation;
  private @Nullable BusWriter<AudioFrame> callerAudio;
  private final java.util.ArrayDeque<AudioFrame> callerQueue = new java.util.ArrayDeque<>();
  private final List<CartesiaTts> voices = new ArrayList<>();
  private List<String> fixedTexts = List.of();
  private final List<Fault> faults = new ArrayList<>();
  private @Nullable FaultyProxy proxy;
  private boolean proxied;
  private volatile boolean cancelled;

  /** A network whose name server is away. */
  static VertxOptions withoutNames() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setAddressResolverOptions(new AddressResolverOptions()
            .addServer("127.0.0.1:9")
            .setQueryTimeout(200)
            .setMaxQueries(1)
            .setSearchDomains(List.of()));
  }

  private record Waiting(Predicate<CallFact> wanted, Promise<CallFact> promise) {}

  /** What media was given. */
  public static final class Ear implements ModemDecoder.Listener {
    public final List<String> words = new ArrayList<>();
    public final List<SpeechItem> items = new ArrayList<>();
    private ModemDecoder decoder = new ModemDecoder(this);
    private final List<BusReader<SpeechItem>> readers = new ArrayList<>();
    public volatile long bytes;
    public volatile int ended;
    /** Words that were cut or disturbed. */
    public int garbled;

    private volatile int open;
    public boolean deaf;

    void accept(BusReader<SpeechItem> reader) {
      decoder = new ModemDecoder(this);
      readers.add(reader);
      open++;
      reader.exceptionHandler(e -> open--);
      reader.endHandler(x -> {
        open--;
        ended++;
      });
      reader.handler(item -> {
        items.add(item);
        if (item instanceof SpeechItem.Audio audio) {
          bytes += audio.bytes().length;
          decoder.accept(audio.bytes());
        }
      });
      if (deaf) {
        reader.pause();
      }
    }

    public int openStreams() {
      return open;
    }

    public void hear() {
      deaf = false;
      readers.forEach(BusReader::resume);
    }

    @Override
    public void heard(ModemDecoder.Heard word) {
      words.add(word.word());
    }

    @Override
    public void garbled(long atSample) {
      garbled++;
    }

    public String text() {
      decoder.accept(new byte[8000]);
      return String.join(" ", words);
    }
  }

  /** Settings of the service; before {@link #start}. */
  public SpeechRig with(String key, String value) {
    values.put(key, value);
    return this;
  }

  public SpeechRig sim(String key, String value) {
    simValues.put(key, value);
    return this;
  }

  public SpeechRig fixedTexts(String... texts) {
    fixedTexts = List.of(texts);
    return this;
  }

  /** Of the first account's simulator, from the start on. */
  public SpeechRig fault(Fault fault) {
    faults.add(fault);
    return this;
  }

  /** Puts something between the first account and its simulator that can break the line itself. */
  public SpeechRig proxied() {
    proxied = true;
    return this;
  }

  public FaultyProxy proxy() {
    return Objects.requireNonNull(proxy);
  }

  /** One simulator per account: the first is {@code cartesia}, the others are its fallbacks in this order. */
  public SpeechRig start(String... fallbacks) throws Exception {
    List<String> accounts = new ArrayList<>(List.of("cartesia"));
    accounts.addAll(List.of(fallbacks));
    for (String account : accounts) {
      Simulators sim =
          await(Simulators.start(outside, SimulatorOptions.from(Settings.of(simValues))));
      sims.add(sim);
      faults.forEach(sim.faults()::add);
      faults.clear();
      boolean first = account.equals("cartesia");
      if (first && proxied) {
        proxy = await(FaultyProxy.start(
            outside,
            java.net
                .URI
                .create(Objects.requireNonNull(sim.settings().get("tts.cartesia.url")))
                .getPort()));
        for (String stage : List.of("stt", "tts")) {
          values.putIfAbsent(stage + ".cartesia.url", "ws://127.0.0.1:" + proxy.port());
        }
      }
      for (String stage : List.of("stt", "tts")) {
        String prefix = first ? stage + ".cartesia" : stage + ".accounts." + account;
        values.putIfAbsent(
            prefix + ".url", Objects.requireNonNull(sim.settings().get(stage + ".cartesia.url")));
        values.putIfAbsent(prefix + ".apiKey", "simulated");
      }
    }
    values.put("tts.fallback", String.join(",", fallbacks));
    values.put("stt.fallback", String.join(",", fallbacks));
    Settings settings = Settings.of(values);
    TtsOptions tts = TtsOptions.from(settings);
    SttOptions stt = SttOptions.from(settings);
    ResilienceOptions resilience = ResilienceOptions.from(settings);
    settings.check();
    List<TtsProvider> ttsProviders = new ArrayList<>();
    for (String name : tts.accountNames()) {
      CartesiaTts voice = new CartesiaTts(
          name + "_tts",
          Objects.requireNonNull(tts.cartesia().get(name)),
          IntUnaryOperator.identity(),
          vertx,
          meters,
          Clock.SYSTEM);
      voices.add(voice);
      ttsProviders.add(voice);
    }
    List<SttProvider> sttProviders = new ArrayList<>();
    for (String name : stt.accountNames()) {
      sttProviders.add(
          new CartesiaStt(name + "_stt", Objects.requireNonNull(stt.cartesia().get(name))));
    }
    LocalBus bus = new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE);
    await(vertx.deployVerticle(new VerticleBase() {
      @Override
      public Future<?> start() {
        Mailbox mediaBox = bus.bind(Stage.MEDIA);
        media = mediaBox;
        mediaBox.accept(StreamType.AGENT_AUDIO, (call, play, reader) -> ear.accept(reader));
        Mailbox box = bus.bind(Stage.CONVERSATION);
        conversation = box;
        box.on(CallFact.class, (call, fact) -> heard(fact));
        return Future.succeededFuture();
      }
    }));
    await(vertx.deployVerticle(new TtsVerticle(
        new TtsNode(
            tts,
            resilience,
            new RetryBudget(resilience),
            ttsProviders,
            fixedTexts,
            meters,
            Clock.SYSTEM),
        bus)));
    await(vertx.deployVerticle(new SttVerticle(
        new SttNode(
            stt, resilience, new RetryBudget(resilience), sttProviders, meters, Clock.SYSTEM),
        bus)));
    return this;
  }

  private void heard(CallFact fact) {
    facts.add(fact);
    waiting.removeIf(one -> {
      if (one.wanted.test(fact)) {
        one.promise.tryComplete(fact);
        return true;
      }
      return false;
    });
  }

  /** Says a text as the model would, and waits for the utterance's end. */
  public CallFact say(int turn, String text) throws Exception {
    return await(speak(turn, List.of(text), false));
  }

  public CallFact sayFixed(int turn, String text) throws Exception {
    return await(speak(turn, List.of(text), true));
  }

  /** The utterance's last fact. */
  public Future<CallFact> speak(int turn, List<String> deltas, boolean cacheable) throws Exception {
    Future<CallFact> end = endOf(turn);
    run(() -> open(turn, cacheable).onSuccess(writer -> writeAll(writer, deltas, 0)));
    return end;
  }

  public Future<BusWriter<TextDelta>> open(int turn, boolean cacheable) {
    Mailbox box = Objects.requireNonNull(conversation);
    SpeechRequest request = new SpeechRequest(
        new TurnId(turn),
        box.self().sibling(Stage.TTS),
        box.self().sibling(Stage.MEDIA),
        box.self(),
        cacheable);
    return box.open(request.tts(), StreamType.REPLY_TEXT, CALL, request);
  }

  private static void writeAll(BusWriter<TextDelta> writer, List<String> deltas, int from) {
    for (int i = from; i < deltas.size(); i++) {
      if (writer.writeQueueFull()) {
        int next = i;
        writer.drainHandler(x -> writeAll(writer, deltas, next));
        return;
      }
      writer.write(new TextDelta(deltas.get(i)));
    }
    writer.end();
  }

  public Future<CallFact> endOf(int turn) {
    return next(fact -> fact instanceof CallFact.OfTurn of
        && of.turn().value() == turn
        && (fact instanceof CallFact.SpeechCompleted || fact instanceof CallFact.SpeechFailed));
  }

  /** The next fact of this kind from now on. */
  public Future<CallFact> next(Predicate<CallFact> wanted) {
    Promise<CallFact> promise = Promise.promise();
    vertx.runOnContext(x -> waiting.add(new Waiting(wanted, promise)));
    return promise.future();
  }

  public void order(Stage stage, CallOrder order) throws Exception {
    run(() -> {
      Mailbox box = Objects.requireNonNull(conversation);
      box.tell(box.self().sibling(stage), CALL, order);
      return Future.succeededFuture();
    });
  }

  /** Opens the caller's audio as media would. */
  public void listen() throws Exception {
    callerQueue.clear();
    cancelled = false;
    callerAudio = run(() -> {
      Mailbox box = Objects.requireNonNull(media);
      return box.open(
          box.self().sibling(Stage.STT),
          StreamType.CALLER_AUDIO,
          CALL,
          new StreamType.Listen(
              new CallInfo(CALL, "MZ1", CallInfo.Direction.INBOUND, "+1555", "+1666"),
              box.self().sibling(Stage.CONVERSATION)));
    });
  }

  /** Speaks to the transcriber at once, faster than any caller would. */
  public void callerSays(String text) throws Exception {
    callerSends(Modem.speak(text, 1));
  }

  public void callerSends(byte[] sound) throws Exception {
    run(() -> {
      callerSendsNow(sound);
      return Future.succeededFuture();
    });
    until("the bus took it", callerQueue::isEmpty);
  }

  /** Sends one frame after the other, of any size, as fast as the bus takes them. */
  public void sendUntil(byte[] frame, String what, BooleanSupplier condition) throws Exception {
    boolean[] done = {false};
    vertx.runOnContext(x -> vertx.setPeriodic(1, id -> {
      if (done[0] || condition.getAsBoolean()) {
        vertx.cancelTimer(id);
        return;
      }
      BusWriter<AudioFrame> writer = Objects.requireNonNull(callerAudio);
      while (!writer.writeQueueFull()) {
        writer.write(new AudioFrame(frame, Clock.SYSTEM.nanos()));
      }
    }));
    try {
      until(what, condition);
    } finally {
      done[0] = true;
    }
  }

  /** On the event loop. More than the credit allows waits here, as it does in media. */
  public void callerSendsNow(byte[] sound) {
    for (int at = 0; at < sound.length; at += AudioFrame.FRAME_BYTES) {
      byte[] frame = new byte[AudioFrame.FRAME_BYTES];
      java.util.Arrays.fill(frame, AudioFrame.SILENCE);
      System.arraycopy(sound, at, frame, 0, Math.min(frame.length, sound.length - at));
      callerQueue.add(new AudioFrame(frame, Clock.SYSTEM.nanos()));
    }
    drainCaller();
  }

  private void drainCaller() {
    BusWriter<AudioFrame> writer = Objects.requireNonNull(callerAudio);
    writer.drainHandler(x -> drainCaller());
    writer.cancelHandler(x -> {
      cancelled = true;
      callerQueue.clear();
    });
    if (cancelled) {
      callerQueue.clear();
    }
    while (!callerQueue.isEmpty() && !writer.writeQueueFull()) {
      writer.write(callerQueue.remove());
    }
  }

  public void callerStops() throws Exception {
    run(() -> {
      Objects.requireNonNull(callerAudio).end();
      return Future.succeededFuture();
    });
  }

  /** Everything said in finals so far, joined as the conversation does. */
  public String transcript() {
    StringBuilder text = new StringBuilder();
    for (CallFact fact : List.copyOf(facts)) {
      if (fact instanceof CallFact.FinalTranscript last) {
        text.append(last.text());
      } else if (fact instanceof CallFact.ProviderTurnEnded last) {
        text.append(" ").append(last.text());
      }
    }
    return text.toString().strip();
  }

  public Simulators sim() {
    return sims.get(0);
  }

  public CartesiaTts voice() {
    return voices.get(0);
  }

  public double counter(String name) {
    return registry.get(name).counters().stream().mapToDouble(c -> c.count()).sum();
  }

  public <T> T run(Callable<Future<T>> action) throws Exception {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(x -> {
      try {
        action.call().onComplete(done);
      } catch (Exception e) {
        done.fail(e);
      }
    });
    return await(done.future());
  }

  /** Waits for what no fact announces, for example a counter of a simulator. */
  public void until(String what, BooleanSupplier condition) throws Exception {
    Promise<Void> done = Promise.promise();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
    // On the event loop: from elsewhere the timer may fire before Vert.x has noted how to cancel
    // it.
    vertx.runOnContext(x -> vertx.setPeriodic(2, id -> {
      if (condition.getAsBoolean()) {
        vertx.cancelTimer(id);
        done.tryComplete();
      } else if (System.nanoTime() > deadline) {
        vertx.cancelTimer(id);
        done.tryFail("not within 8 s: " + what);
      }
    }));
    await(done.future());
  }

  public static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
    await(outside.close());
  }
}
