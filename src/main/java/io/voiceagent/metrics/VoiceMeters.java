package io.voiceagent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The product's own meters, typed. All exist with value 0 from the first scrape; labels come from small fixed sets.
 * Thread-safe and cheap enough for the path of a frame.
 */
public final class VoiceMeters {
  private static final double[] EDGES_MS = {
    5, 10, 20, 35, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 1000, 1250, 1500, 1750,
    2000, 2500, 3000, 4000, 5000, 7500, 10000, 20000, 30000
  };
  /** Of our own part of the wait, where the first edge above says too little. */
  private static final double[] EDGES_US = {
    100, 200, 300, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000,
    30_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000
  };
  /** Values of {@code calls_refused_total{reason}}. */
  public static final List<String> REFUSALS =
      List.of("full", "draining", "signature", "token", "overloaded", "bad_request", "provider");

  /** Providers that may appear as a label. */
  public static final List<String> PROVIDERS =
      List.of("cartesia_stt", "cartesia_tts", "openai", "twilio");

  /**
   * No provider across a network answers a new request faster than this: what does is left over from another turn. Such
   * a sample is counted apart and kept out of the histogram that it would flatter.
   */
  public static final long MIN_FIRST_BYTE_NANOS = 5_000_000;

  /** What became of a second request that was made to save time. */
  public enum Hedge {
    /** It wrote first. */
    WON,
    /** The first one wrote first after all: paid for nothing. */
    LOST,
    FAILED
  }

  private final MeterRegistry registry;
  public final Counter ttsErrors;
  public final Counter ttsRateLimits;
  public final Counter ttsTimeouts;
  public final Counter ttsTimeoutsOrClosed;
  public final Counter sttErrors;
  public final Counter sttBackpressure;
  public final Counter sttFlushRequested;
  public final Counter sttFlushTimeouts;
  public final Counter sttFlushErrors;
  public final Counter llmErrors;
  public final Counter llmTimeouts;
  public final Counter lateDropped;
  public final Counter duplicateDropped;
  public final DistributionSummary timeToFirstAudio;
  public final DistributionSummary turnLatency;
  public final DistributionSummary bargeInReaction;
  public final DistributionSummary addedLatency;
  private final DistributionSummary addedLatencyFine;
  public final DistributionSummary frameAge;
  public final DistributionSummary loopLag;
  public final Counter callsStarted;
  public final Counter busStalls;
  public final Counter busDropped;
  public final Counter busFailed;
  public final AtomicInteger busOpen = new AtomicInteger();
  public final AtomicInteger busDepth = new AtomicInteger();
  public final Counter carrierBadMessages;
  public final Counter carrierFlood;
  public final Counter connectionsRefused;
  public final Counter carrierBytesIn;
  public final Counter carrierBytesOut;
  public final Counter audioDroppedBytes;
  public final Counter agentAudioDroppedBytes;
  public final Counter journalDropped;
  public final Counter sttAudioBytes;
  public final Counter ttsAudioBytes;
  public final Counter speculationUsed;
  public final Counter speculationDiscarded;
  public final Counter speculationWasted;
  public final Counter toolInvocations;
  public final Counter toolSuccesses;
  public final Counter toolErrors;
  public final DistributionSummary toolLatency;
  private volatile CallTraces traces = CallTraces.off();
  private final AtomicInteger callsActive = new AtomicInteger();
  private volatile IntSupplier callsLimit = () -> 0;
  private final AtomicInteger clusterMembers = new AtomicInteger(1);
  private final Map<TurnTimeline.Stage, DistributionSummary> stages =
      new EnumMap<>(TurnTimeline.Stage.class);
  private final Map<TurnOutcome, Counter> turns = new EnumMap<>(TurnOutcome.class);
  private final Map<EndReason, Counter> ended = new EnumMap<>(EndReason.class);
  private final Map<Hedge, Counter> hedges = new EnumMap<>(Hedge.class);
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();
  private final Map<String, Counter> retries = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> breakers = new ConcurrentHashMap<>();
  private final Map<String, DistributionSummary> firstBytes = new ConcurrentHashMap<>();
  private final Map<String, Counter> implausible = new ConcurrentHashMap<>();

  public VoiceMeters(MeterRegistry registry) {
    this.registry = registry;
    ttsErrors = counter(MeterNames.TTS_ERROR);
    ttsRateLimits = counter(MeterNames.TTS_RATE_LIMIT);
    ttsTimeouts = counter(MeterNames.TTS_TIMEOUT);
    ttsTimeoutsOrClosed = counter(MeterNames.TTS_TIMEOUT_OR_CLOSED);
    sttErrors = counter(MeterNames.STT_ERROR);
    sttBackpressure = counter(MeterNames.STT_BACKPRESSURE);
    sttFlushRequested = counter(MeterNames.STT_FLUSH_REQUESTED);
    sttFlushTimeouts = counter(MeterNames.STT_FLUSH_TIMEOUT);
    sttFlushErrors = counter(MeterNames.STT_FLUSH_ERROR);
    llmErrors = counter(MeterNames.LLM_ERROR);
    llmTimeouts = counter(MeterNames.LLM_TIMEOUT);
    lateDropped = counter(MeterNames.LATE_DROPPED);
    duplicateDropped = counter(MeterNames.DUPLICATE_DROPPED);
    timeToFirstAudio = summary(MeterNames.TIME_TO_FIRST_AUDIO);
    turnLatency = summary(MeterNames.TURN_LATENCY);
    bargeInReaction = summary(MeterNames.BARGE_IN_REACTION);
    addedLatency = summary(MeterNames.ADDED_LATENCY);
    addedLatencyFine = DistributionSummary.builder(MeterNames.ADDED_LATENCY_FINE)
        .description(MeterHelp.of(MeterNames.ADDED_LATENCY_FINE))
        .serviceLevelObjectives(EDGES_US)
        .register(registry);
    frameAge = summary(MeterNames.FRAME_AGE);
    loopLag = summary(MeterNames.LOOP_LAG);
    callsStarted = counter(MeterNames.CALLS_STARTED);
    busStalls = counter(MeterNames.BUS_STALLS);
    busDropped = counter(MeterNames.BUS_DROPPED);
    busFailed = counter(MeterNames.BUS_FAILED);
    carrierBadMessages = counter(MeterNames.CARRIER_BAD_MESSAGE);
    carrierFlood = counter(MeterNames.CARRIER_FLOOD);
    connectionsRefused = counter(MeterNames.CONNECTIONS_REFUSED);
    carrierBytesIn = counter(MeterNames.CARRIER_BYTES_IN);
    carrierBytesOut = counter(MeterNames.CARRIER_BYTES_OUT);
    audioDroppedBytes = counter(MeterNames.AUDIO_DROPPED_BYTES);
    agentAudioDroppedBytes = counter(MeterNames.AGENT_AUDIO_DROPPED_BYTES);
    journalDropped = counter(MeterNames.JOURNAL_DROPPED);
    sttAudioBytes = counter(MeterNames.STT_AUDIO_BYTES);
    ttsAudioBytes = counter(MeterNames.TTS_AUDIO_BYTES);
    speculationUsed = counter(MeterNames.PREEMPTIVE_REPLIES, "outcome", "used");
    speculationDiscarded = counter(MeterNames.PREEMPTIVE_REPLIES, "outcome", "discarded");
    speculationWasted = counter(MeterNames.PREEMPTIVE_WASTED);
    toolInvocations = counter(MeterNames.TOOL_INVOCATION);
    toolSuccesses = counter(MeterNames.TOOL_SUCCESS);
    toolErrors = counter(MeterNames.TOOL_ERROR);
    toolLatency = summary(MeterNames.TOOL_LATENCY);
    gauge(MeterNames.BUS_OPEN, busOpen::get);
    gauge(MeterNames.BUS_DEPTH, busDepth::get);
    gauge(MeterNames.CALLS_ACTIVE, callsActive::get);
    gauge(MeterNames.CALLS_LIMIT, () -> callsLimit.getAsInt());
    gauge(MeterNames.CLUSTER_MEMBERS, clusterMembers::get);
    for (TurnTimeline.Stage stage : TurnTimeline.Stage.values()) {
      stages.put(stage, summary(MeterNames.TURN_STAGE, "stage", stage.label()));
    }
    for (TurnOutcome outcome : TurnOutcome.values()) {
      turns.put(outcome, counter(MeterNames.TURNS, "outcome", outcome.label()));
    }
    for (EndReason reason : EndReason.values()) {
      ended.put(reason, counter(MeterNames.CALLS_ENDED, "reason", reason.label()));
    }
    for (Hedge outcome : Hedge.values()) {
      hedges.put(
          outcome,
          counter(MeterNames.LLM_HEDGES, "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    for (String reason : REFUSALS) {
      refused.put(reason, counter(MeterNames.CALLS_REFUSED, "reason", reason));
    }
    for (String provider : PROVIDERS) {
      provider(provider);
    }
    // A pair is registered when it is configured; without one the counter would not exist.
    fallbackPair("none", "none");
  }

  public MeterRegistry registry() {
    return registry;
  }

  public void callStarted() {
    callsStarted.increment();
    callsActive.incrementAndGet();
  }

  public void callEnded(EndReason reason) {
    callsActive.decrementAndGet();
    at(ended, reason).increment();
  }

  /** The same, and the end of the call's trace. Instants are clock nanoseconds. */
  public void callEnded(CallInfo call, EndReason reason, long startedAt, long endedAt) {
    callEnded(reason);
    traces.callEnded(call, reason, startedAt, endedAt);
  }

  public void callRefused(String reason) {
    at(refused, REFUSALS.contains(reason) ? reason : "bad_request").increment();
  }

  /** Nodes that are there, this one included. */
  public void clusterMembers(int count) {
    clusterMembers.set(count);
  }

  /** Asked at each scrape: a node's share of the cluster's limit changes with the nodes. */
  public void callsLimit(IntSupplier limit) {
    callsLimit = limit;
  }

  /** One sample of time to first audio, its stages and what we added; once per answered turn. */
  public void firstAudio(TurnTimeline timeline) {
    timeToFirstAudio.record(timeline.timeToFirstAudioMs());
    addedLatency.record(timeline.addedLatencyMs());
    addedLatencyFine.record(timeline.addedLatencyMs() * 1000);
    timeline.stagesMs().forEach((stage, ms) -> at(stages, stage).record(ms));
  }

  /** The same, with the call's trace as exemplar, so that a slow bucket leads to the turn that was slow. */
  public void firstAudio(CallId call, TurnTimeline timeline) {
    Exemplars.during(call, timeline.turn(), () -> firstAudio(timeline));
  }

  public void turnEnded(TurnOutcome outcome) {
    at(turns, outcome).increment();
  }

  /** The same, and the turn's spans in the call's trace. Instants are clock nanoseconds. */
  public void turnEnded(
      CallInfo call,
      TurnId turn,
      TurnOutcome outcome,
      @Nullable TurnTimeline timeline,
      long startedAt,
      long endedAt) {
    turnEnded(outcome);
    traces.turnEnded(call, turn, outcome, timeline, startedAt, endedAt);
  }

  /** Where turns and calls are traced to as well; nowhere unless set at start. */
  public void traceTo(CallTraces to) {
    traces = to;
  }

  /** What a tool's or a provider's request should carry as {@code traceparent}. */
  public String traceparent(CallId call, TurnId turn) {
    return TraceContext.ofTurn(call, turn).traceparent(traces.enabled());
  }

  /** Registers the meters of a provider, at 0, and names it as a label value. Idempotent. */
  public void provider(String name) {
    retries.computeIfAbsent(name, p -> counter(MeterNames.RETRIES, "provider", p));
    firstBytes.computeIfAbsent(name, p -> summary(MeterNames.PROVIDER_FIRST_BYTE, "provider", p));
    implausible.computeIfAbsent(
        name, p -> counter(MeterNames.IMPLAUSIBLE_FIRST_BYTE, "provider", p));
    breakers.computeIfAbsent(name, p -> {
      AtomicInteger state = new AtomicInteger();
      gauge(MeterNames.BREAKER_STATE, state::get, "provider", p);
      return state;
    });
  }

  public void retried(String provider) {
    provider(provider);
    at(retries, provider).increment();
  }

  public void providerFirstByte(String provider, long nanos) {
    provider(provider);
    if (nanos < MIN_FIRST_BYTE_NANOS) {
      at(implausible, provider).increment();
    } else {
      at(firstBytes, provider).record(nanos / 1e6);
    }
  }

  /** How long a provider took that may well answer at once, such as a transcriber with nothing left to say. */
  public void providerAnswered(String provider, long nanos) {
    provider(provider);
    at(firstBytes, provider).record(nanos / 1e6);
  }

  /** 0 closed, 1 half open, 2 open. */
  public void breakerState(String provider, int state) {
    provider(provider);
    at(breakers, provider).set(state);
  }

  /** One request more than the turn needed, and what came of it. */
  public void llmHedged(Hedge outcome) {
    at(hedges, outcome).increment();
  }

  public void fellBack(String from, String to) {
    counter(MeterNames.FALLBACK, "from", from, "to", to).increment();
  }

  /** Counters of a fallback list are there before anything falls back. */
  public void fallbackList(List<String> names) {
    for (int i = 1; i < names.size(); i++) {
      fallbackPair(names.get(i - 1), names.get(i));
    }
  }

  private void fallbackPair(String from, String to) {
    counter(
        MeterNames.FALLBACK,
        "from",
        from.toLowerCase(Locale.ROOT),
        "to",
        to.toLowerCase(Locale.ROOT));
  }

  private static <K, V> V at(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }

  private void gauge(String name, IntSupplier value, String... tags) {
    Gauge.builder(name, value, IntSupplier::getAsInt)
        .strongReference(true)
        .description(MeterHelp.of(name))
        .tags(tags)
        .register(registry);
  }

  private Counter counter(String name, String... tags) {
    return Counter.builder(name).description(MeterHelp.of(name)).tags(tags).register(registry);
  }

  private DistributionSummary summary(String name, String... tags) {
    return DistributionSummary.builder(name)
        .description(MeterHelp.of(name))
        .serviceLevelObjectives(EDGES_MS)
        .tags(tags)
        .register(registry);
  }
}
