package io.voiceagent.app;

import io.voiceagent.cluster.ClusterOptions;
import io.voiceagent.config.Settings;
import io.voiceagent.llm.LlmOptions;
import io.voiceagent.media.MediaOptions;
import io.voiceagent.metrics.TracingOptions;
import io.voiceagent.ops.LogOptions;
import io.voiceagent.ops.OpsOptions;
import io.voiceagent.resilience.ResilienceOptions;
import io.voiceagent.stt.SttOptions;
import io.voiceagent.tts.TtsOptions;
import io.voiceagent.turn.TurnOptions;
import java.time.Duration;

/** Everything the service is shaped by: the options record of each package, read in one place. */
public record VoiceAgentOptions(
    RuntimeOptions runtime,
    OpsOptions ops,
    LogOptions log,
    TracingOptions tracing,
    ResilienceOptions resilience,
    MediaOptions media,
    SttOptions stt,
    LlmOptions llm,
    TtsOptions tts,
    TurnOptions turn,
    ClusterOptions cluster,
    boolean canHangUp,
    String journalDir,
    Duration drainTimeout) {

  /** Reads every key of the service. Faults are collected in {@code settings}; call its {@code check()} afterwards. */
  public static VoiceAgentOptions from(Settings settings) {
    VoiceAgentOptions options = new VoiceAgentOptions(
        RuntimeOptions.from(settings),
        OpsOptions.from(settings),
        LogOptions.from(settings),
        TracingOptions.from(settings),
        ResilienceOptions.from(settings),
        MediaOptions.from(settings),
        SttOptions.from(settings),
        LlmOptions.from(settings),
        TtsOptions.from(settings),
        AgentTexts.read(TurnOptions.from(settings), settings),
        ClusterOptions.from(settings),
        settings.flag("agent.canHangUp", true),
        settings.string("journal.dir", ""),
        settings.duration("drain.timeout", Duration.ofMinutes(10)));
    Catalog.check(options, settings);
    return options;
  }
}
