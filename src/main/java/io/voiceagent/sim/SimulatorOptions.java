package io.voiceagent.sim;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * The embedded simulators.
 *
 * @param enabled {@code serve} starts them and uses them as its providers
 * @param jitter spread of every delay: sigma of a log-normal factor around the median, 0 for none
 * @param sttFinal median wait of a final transcript after {@code finalize}
 * @param sttFinalEvery a final comes by itself after so many words; 0: only when asked
 * @param sttTurnSilence silence after which the turns endpoint ends a turn
 * @param llmFirstToken median wait for the first text
 * @param llmPerWord median wait between words
 * @param ttsFirstAudio median wait for the first audio
 * @param ttsSpeed audio is made so many times faster than it plays; 0: at once
 * @param ttsMaxContexts active contexts before 429; 0: no limit
 */
public record SimulatorOptions(
    boolean enabled,
    String host,
    int cartesiaPort,
    int openAiPort,
    int twilioPort,
    long seed,
    double jitter,
    Duration sttFinal,
    int sttFinalEvery,
    Duration sttTurnSilence,
    Duration llmFirstToken,
    Duration llmPerWord,
    Duration ttsFirstAudio,
    double ttsSpeed,
    int ttsMaxContexts) {

  public static SimulatorOptions from(Settings settings) {
    return new SimulatorOptions(
        settings.flag("simulator.enabled", false),
        settings.string("simulator.host", "127.0.0.1"),
        settings.integer("simulator.cartesia.port", 0, 0, 65535),
        settings.integer("simulator.openai.port", 0, 0, 65535),
        settings.integer("simulator.twilio.port", 0, 0, 65535),
        settings.integer("simulator.seed", 1, Integer.MIN_VALUE, Integer.MAX_VALUE),
        settings.decimal("simulator.jitter", 0, 0, 2),
        settings.duration("simulator.stt.final", Duration.ZERO),
        settings.integer("simulator.stt.finalEvery", 0, 0, 1000),
        settings.duration("simulator.stt.turnSilence", Duration.ofMillis(400)),
        settings.duration("simulator.llm.firstToken", Duration.ZERO),
        settings.duration("simulator.llm.perWord", Duration.ZERO),
        settings.duration("simulator.tts.firstAudio", Duration.ZERO),
        settings.decimal("simulator.tts.speed", 0, 0, 1000),
        settings.integer("simulator.tts.maxContexts", 0, 0, 1_000_000));
  }
}
