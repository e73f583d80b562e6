package io.voiceagent.media;

import io.voiceagent.audio.EnergyDetector;
import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * Voice activity of the caller.
 *
 * @param detector which detector tells voice from other sounds
 * @param minSpeech voice that counts as an interruption
 * @param echoLossDb an echo of the agent's voice is weaker by this at least; 0: no echo is expected
 * @param energy of the detector of that name
 */
public record VoiceOptions(
    String detector,
    Duration attack,
    Duration release,
    Duration minSpeech,
    double echoLossDb,
    EnergyDetector.Options energy) {
  static VoiceOptions from(Settings settings) {
    EnergyDetector.Options energy = EnergyDetector.Options.DEFAULTS;
    return new VoiceOptions(
        settings.string("turn.vad.detector", "energy"),
        settings.duration("turn.vad.attack", Duration.ofMillis(40)),
        settings.duration("turn.vad.release", Duration.ofMillis(200)),
        settings.duration("turn.bargeIn.minSpeech", Duration.ofMillis(120)),
        settings.decimal("turn.vad.echoLoss", 20, 0, 60),
        new EnergyDetector.Options(
            settings.decimal("turn.vad.margin", energy.marginDb(), 1, 40),
            settings.decimal("turn.vad.quietest", energy.quietestDb(), -90, 0),
            settings.decimal("turn.vad.fainter", energy.fainterDb(), 6, 90),
            settings.decimal("turn.vad.rise", energy.riseDbPerSecond(), 0, 100)));
  }
}
