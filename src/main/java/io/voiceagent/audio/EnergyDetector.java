package io.voiceagent.audio;

/**
 * Voice by loudness above an adaptive noise floor. The floor follows quiet at once and rises slowly, so that steady noise
 * (a fan, a line) becomes floor within seconds while speech, which pauses between syllables, does not.
 */
public final class EnergyDetector implements VoiceDetector {
  /** Frames of 20 ms per second. */
  private static final double FRAMES_PER_SECOND = 50;

  private final double margin;
  private final double quietest;
  private final double rise;
  private final double riseInSpeech;
  private double floor;
  private boolean voiced;
  private double smoothed = Double.NaN;

  /**
   * @param marginDb how far above the floor voice begins; it ends 3 dB lower
   * @param quietestDb never voice below this, in dB of full scale
   * @param riseDbPerSecond how fast the floor follows louder noise
   */
  public EnergyDetector(double marginDb, double quietestDb, double riseDbPerSecond) {
    this.margin = marginDb;
    this.quietest = quietestDb;
    this.rise = riseDbPerSecond / FRAMES_PER_SECOND;
    this.riseInSpeech = rise / 4;
    this.floor = quietestDb - marginDb;
  }

  @Override
  public boolean voiced(byte[] mulaw, int from, int length) {
    double level = decibels(MuLaw.power(mulaw, from, length));
    double threshold = Math.max(quietest, floor + margin) - (voiced ? 3 : 0);
    voiced = level > threshold;
    follow(level);
    return voiced;
  }

  private void follow(double level) {
    smoothed = Double.isNaN(smoothed) ? level : 0.7 * smoothed + 0.3 * level;
    if (smoothed < floor) {
      floor += 0.3 * (smoothed - floor);
    } else {
      floor += Math.min(voiced ? riseInSpeech : rise, smoothed - floor);
    }
  }

  /** Of full scale; silence is -90. */
  private static double decibels(int power) {
    return power <= 0 ? -90 : 10 * Math.log10(power * 1024.0 / (32768.0 * 32768.0));
  }
}
