package io.voiceagent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import java.util.EnumMap;
import java.util.List;
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
  /** Of our own part of the wait, where the first edge above says too little. */
  private static final double[] EDGES_US = {
    100, 200, 300, 500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000,
    30_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000
  };
  /** Values of {@code calls_refused_total{reason}}. */
  public static final List<String> REFUSALS =
      List.of("full", "draining", "signature", "token", "overloaded", "bad_request", "provider");

  public final ProviderMeters providers;
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
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();

  public VoiceMeters(MeterRegistry registry) {
    this.registry = registry;
    MeterMaker make = new MeterMaker(registry);
    providers = new ProviderMeters(make);
    ttsErrors = make.counter(MeterNames.TTS_ERROR);
    ttsRateLimits = make.counter(MeterNames.TTS_RATE_LIMIT);
    ttsTimeouts = make.counter(MeterNames.TTS_TIMEOUT);
    ttsTimeoutsOrClosed = make.counter(MeterNames.TTS_TIMEOUT_OR_CLOSED);
    sttErrors = make.counter(MeterNames.STT_ERROR);
    sttBackpressure = make.counter(MeterNames.STT_BACKPRESSURE);
    sttFlushRequested = make.counter(MeterNames.STT_FLUSH_REQUESTED);
    sttFlushTimeouts = make.counter(MeterNames.STT_FLUSH_TIMEOUT);
    sttFlushErrors = make.counter(MeterNames.STT_FLUSH_ERROR);
    llmErrors = make.counter(MeterNames.LLM_ERROR);
    llmTimeouts = make.counter(MeterNames.LLM_TIMEOUT);
    lateDropped = make.counter(MeterNames.LATE_DROPPED);
    duplicateDropped = make.counter(MeterNames.DUPLICATE_DROPPED);
    timeToFirstAudio = make.summary(MeterNames.TIME_TO_FIRST_AUDIO);
    turnLatency = make.summary(MeterNames.TURN_LATENCY);
    bargeInReaction = make.summary(MeterNames.BARGE_IN_REACTION);
    addedLatency = make.summary(MeterNames.ADDED_LATENCY);
    addedLatencyFine = DistributionSummary.builder(MeterNames.ADDED_LATENCY_FINE)
        .description(MeterHelp.of(MeterNames.ADDED_LATENCY_FINE))
        .serviceLevelObjectives(EDGES_US)
        .register(registry);
    frameAge = make.summary(MeterNames.FRAME_AGE);
    loopLag = make.summary(MeterNames.LOOP_LAG);
    callsStarted = make.counter(MeterNames.CALLS_STARTED);
    busStalls = make.counter(MeterNames.BUS_STALLS);
    busDropped = make.counter(MeterNames.BUS_DROPPED);
    busFailed = make.counter(MeterNames.BUS_FAILED);
    carrierBadMessages = make.counter(MeterNames.CARRIER_BAD_MESSAGE);
    carrierFlood = make.counter(MeterNames.CARRIER_FLOOD);
    connectionsRefused = make.counter(MeterNames.CONNECTIONS_REFUSED);
    carrierBytesIn = make.counter(MeterNames.CARRIER_BYTES_IN);
    carrierBytesOut = make.counter(MeterNames.CARRIER_BYTES_OUT);
    audioDroppedBytes = make.counter(MeterNames.AUDIO_DROPPED_BYTES);
    agentAudioDroppedBytes = make.counter(MeterNames.AGENT_AUDIO_DROPPED_BYTES);
    journalDropped = make.counter(MeterNames.JOURNAL_DROPPED);
    sttAudioBytes = make.counter(MeterNames.STT_AUDIO_BYTES);
    ttsAudioBytes = make.counter(MeterNames.TTS_AUDIO_BYTES);
    speculationUsed = make.counter(MeterNames.PREEMPTIVE_REPLIES, "outcome", "used");
    speculationDiscarded = make.counter(MeterNames.PREEMPTIVE_REPLIES, "outcome", "discarded");
    speculationWasted = make.counter(MeterNames.PREEMPTIVE_WASTED);
    toolInvocations = make.counter(MeterNames.TOOL_INVOCATION);
    toolSuccesses = make.counter(MeterNames.TOOL_SUCCESS);
    toolErrors = make.counter(MeterNames.TOOL_ERROR);
    toolLatency = make.summary(MeterNames.TOOL_LATENCY);
    make.gauge(MeterNames.BUS_OPEN, busOpen::get);
    make.gauge(MeterNames.BUS_DEPTH, busDepth::get);
    make.gauge(MeterNames.CALLS_ACTIVE, callsActive::get);
    make.gauge(MeterNames.CALLS_LIMIT, () -> callsLimit.getAsInt());
    make.gauge(MeterNames.CLUSTER_MEMBERS, clusterMembers::get);
    for (TurnTimeline.Stage stage : TurnTimeline.Stage.values()) {
      stages.put(stage, make.summary(MeterNames.TURN_STAGE, "stage", stage.label()));
    }
    for (TurnOutcome outcome : TurnOutcome.values()) {
      turns.put(outcome, make.counter(MeterNames.TURNS, "outcome", outcome.label()));
    }
    for (EndReason reason : EndReason.values()) {
      ended.put(reason, make.counter(MeterNames.CALLS_ENDED, "reason", reason.label()));
    }
    for (String reason : REFUSALS) {
      refused.put(reason, make.counter(MeterNames.CALLS_REFUSED, "reason", reason));
    }
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

  private static <K, V> V at(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key));
  }
}
