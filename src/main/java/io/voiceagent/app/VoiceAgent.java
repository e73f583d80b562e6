package io.voiceagent.app;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.OnEveryLoop;
import io.voiceagent.call.Clock;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.cluster.Role;
import io.voiceagent.config.Settings;
import io.voiceagent.conversation.CallLog;
import io.voiceagent.conversation.ConversationNode;
import io.voiceagent.conversation.ConversationVerticle;
import io.voiceagent.conversation.Journals;
import io.voiceagent.llm.LlmNode;
import io.voiceagent.llm.LlmVerticle;
import io.voiceagent.media.MediaNode;
import io.voiceagent.media.MediaVerticle;
import io.voiceagent.metrics.CallTraces;
import io.voiceagent.metrics.LoopLagProbe;
import io.voiceagent.metrics.Telemetry;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.ops.MetricsVerticle;
import io.voiceagent.ops.OpsPorts;
import io.voiceagent.ops.StreamMeters;
import io.voiceagent.resilience.RetryBudget;
import io.voiceagent.stt.SttNode;
import io.voiceagent.stt.SttVerticle;
import io.voiceagent.tts.TtsNode;
import io.voiceagent.tts.TtsVerticle;
import io.voiceagent.turn.TurnMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: deploys the verticles, says where they listen, drains them. */
public final class VoiceAgent {
  private static final Logger LOG = LoggerFactory.getLogger(VoiceAgent.class);
  private static final ToolSpec HANG_UP = new ToolSpec(
      TurnMachine.END_CALL,
      "Ends the telephone call. Use it when the caller has said goodbye or wants to hang up; say goodbye in the same answer.",
      "{\"type\":\"object\",\"properties\":{}}");
  private static final long DRAIN_LOOK_MS = 50;
  private static final long MEMBERS_MS = 1000;

  private final Site site;
  private final Vertx vertx;
  private final VoiceAgentOptions options;
  private final Telemetry telemetry;
  private final MediaNode media;
  private final CallTraces traces;
  private final LoopLagProbe lag;
  private final @Nullable WakeUpBatching batching;
  private final AtomicReference<MediaVerticle> mediaVerticle = new AtomicReference<>();
  private final AtomicReference<MetricsVerticle> metricsVerticle = new AtomicReference<>();
  private @Nullable CallLog journal;
  private volatile boolean ready;

  private VoiceAgent(Site site, VoiceAgentOptions options, Telemetry telemetry) {
    this.site = site;
    this.vertx = site.vertx();
    this.options = options;
    this.telemetry = telemetry;
    this.media = new MediaNode(
        vertx,
        options.media().withTokenSecret(site.tokenSecret()),
        telemetry.meters(),
        Clock.SYSTEM,
        site.others(),
        site.sharedLimit(),
        Catalog.voiceDetectors(options.media().voice()),
        options.turn().farewell());
    this.traces = CallTraces.of(options.tracing(), Clock.SYSTEM);
    telemetry.meters().traceTo(traces);
    this.lag = LoopLagProbe.watch(vertx, telemetry.meters(), Clock.SYSTEM);
    this.batching = WakeUpBatching.watch(vertx, options.runtime(), telemetry.meters());
  }

  /** Starts everything; the future fails when something could not be started, and nothing is left then. */
  public static Future<VoiceAgent> start(VoiceAgentOptions options) {
    WarmUp.run();
    Telemetry telemetry = new Telemetry();
    return site(options, telemetry).onFailure(cause -> telemetry.close()).compose(site -> {
      VoiceAgent agent = new VoiceAgent(site, options, telemetry);
      // A promise without a context: an answer that waits for an event loop is lost when that loop
      // is closed.
      Promise<VoiceAgent> started = Promise.promise();
      agent.deploy().onSuccess(x -> started.complete(agent)).onFailure(cause -> {
        LOG.error("not started: {}", String.valueOf(cause), cause);
        agent.close().onComplete(x -> started.fail(cause));
      });
      return started.future();
    });
  }

  /** A node that stands alone loads nothing of a cluster. */
  private static Future<Site> site(VoiceAgentOptions options, Telemetry telemetry) {
    if (options.cluster().enabled()) {
      return ClusterSite.join(options, telemetry);
    }
    Vertx vertx =
        VertxRuntime.builder(options.runtime(), telemetry.factory(), null).build();
    return Future.succeededFuture(new LocalSite(vertx, options.runtime().loops()));
  }

  private Future<Void> deploy() {
    VoiceMeters meters = telemetry.meters();
    Clock clock = Clock.SYSTEM;
    Bus bus = site.bus(new StreamMeters(meters));
    RetryBudget budget = new RetryBudget(options.resilience());
    TtsNode tts = new TtsNode(
        options.tts(),
        options.resilience(),
        budget,
        Catalog.tts(options.tts(), site::partOfVoices, vertx, meters, clock),
        options.turn().fixedTexts(),
        meters,
        clock);
    SttNode stt = new SttNode(
        options.stt(), options.resilience(), budget, Catalog.stt(options.stt()), meters, clock);
    LlmNode llm = new LlmNode(
        options.resilience(),
        budget,
        Catalog.llm(options.llm(), clock),
        options.llm().hedgeAfter(),
        meters,
        clock);
    ConversationNode conversation = new ConversationNode(
        options.turn(),
        meters,
        clock,
        site.placement(),
        site.kernels(),
        options.media().lead(),
        () -> tools(options),
        journals());
    return vertx
        .deployVerticle(
            keep(metricsVerticle, new MetricsVerticle(options.ops(), ports(), telemetry, bus)))
        .compose(x -> deploy(Role.TTS, () -> new TtsVerticle(tts, bus)))
        .compose(x -> deploy(Role.STT, () -> new SttVerticle(stt, bus)))
        .compose(x -> deploy(Role.LLM, () -> models(llm, bus)))
        .compose(x -> deploy(Role.MEDIA, () -> conversations(conversation, bus)))
        .compose(x -> site.open(media.admission(), options.media().limits().maxCalls()))
        .compose(x -> deploy(Role.MEDIA, () -> keep(mediaVerticle, new MediaVerticle(media, bus))))
        .onSuccess(x -> {
          ready = true;
          vertx.setPeriodic(MEMBERS_MS, id -> telemetry.meters().clusterMembers(site.members()));
        })
        .mapEmpty();
  }

  private LlmVerticle models(LlmNode llm, Bus bus) {
    LlmVerticle verticle = new LlmVerticle(llm, bus);
    site.onLost(verticle::nodeLost);
    return verticle;
  }

  private ConversationVerticle conversations(ConversationNode conversation, Bus bus) {
    ConversationVerticle verticle = new ConversationVerticle(conversation, bus);
    site.onLost(verticle::nodeLost);
    return verticle;
  }

  /** What the model may call. */
  static List<ToolSpec> tools(VoiceAgentOptions options) {
    return options.canHangUp() ? List.of(HANG_UP) : List.of();
  }

  private Journals journals() {
    if (options.journalDir().isEmpty()) {
      return Journals.NONE;
    }
    CallLog log = new CallLog(
        Path.of(options.journalDir()),
        options.turn(),
        telemetry.meters().journalDropped::increment);
    journal = log;
    return log;
  }

  private Future<?> deploy(Role role, Supplier<? extends Deployable> stage) {
    return site.has(role)
        ? OnEveryLoop.deploy(vertx, options.runtime().loops(), stage)
        : Future.succeededFuture();
  }

  private OpsPorts ports() {
    return new OpsPorts(
        site::conversations,
        media.dialer()::dial,
        media.admission()::draining,
        media.admission()::drain,
        () -> ready ? site.notReady() : List.of("starting"),
        lag::longestSilenceMs);
  }

  private static <T> T keep(AtomicReference<T> place, T value) {
    place.set(value);
    return value;
  }

  /** The port of the public listener; 0 on a node without one. */
  public int mediaPort() {
    MediaVerticle listening = mediaVerticle.get();
    return listening == null ? 0 : listening.port();
  }

  /** The port of the ops listener. */
  public int opsPort() {
    return Objects.requireNonNull(metricsVerticle.get(), "not started").port();
  }

  /** Calls that run or are about to. */
  public int calls() {
    return media.admission().calls();
  }

  /** Takes no new calls, lets the running ones finish within {@code drain.timeout}, then closes. */
  public Future<Void> drain() {
    media.admission().drain(true);
    LOG.info(
        "draining: {} calls running, they may take {}",
        calls(),
        Settings.print(options.drainTimeout()));
    Promise<Void> drained = Promise.promise();
    long until = System.nanoTime() + options.drainTimeout().toNanos();
    awaitCalls(until, drained);
    return drained.future().compose(x -> close());
  }

  private void awaitCalls(long until, Promise<Void> drained) {
    if (calls() == 0 && site.streams() == 0 || System.nanoTime() - until > 0) {
      drained.complete();
    } else {
      vertx.setTimer(DRAIN_LOOK_MS, id -> awaitCalls(until, drained));
    }
  }

  /** Ends everything now. */
  public Future<Void> close() {
    ready = false;
    media.dialer().close();
    lag.close();
    if (batching != null) {
      batching.close();
    }
    return vertx.close().onComplete(x -> {
      // Writes out what is still queued, up to two seconds.
      traces.close();
      telemetry.close();
      if (journal != null) {
        journal.close();
      }
    });
  }
}
