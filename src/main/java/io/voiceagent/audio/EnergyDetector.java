package io.voiceagent.audio;

/**
 * Voice by loudness above an adaptive noise floor, band by band: hum fills the lowest band, hiss the highest, a voice
 * stands out of two neighbouring ones. A noise that swings, such as voices in the room, must be exceeded by as much more.
 * Once the caller has been heard, sounds far weaker than that voice are someone else's.
 */
public final class EnergyDetector implements VoiceDetector {
  /** Of an utterance that runs, this much less will do. */
  private static final double EASE_DB = 4;
  /** Frames without voice for which an utterance still counts as running here. */
  private static final int RUNNING_FRAMES = 4;

  private static final double MOST_SWING_DB = 8;
  /** Speech without a pause of {@link #RUNNING_FRAMES} for longer than this may be noise. */
  private static final int ENDLESS_FRAMES = 50;
  /** Voice for so long is a voice and no click. */
  private static final int CERTAIN_FRAMES = 5;

  private static final double LEARN_LOUDER = 0.05;
  private static final double LEARN_FAINTER = 0.002;
  /** The caller's level is forgotten at 6 dB a minute: somebody else may have taken the telephone. */
  private static final double FORGET_DB = 0.002;

  /**
   * What voice is.
   *
   * @param marginDb how far above the noise floor it begins
   * @param quietestDb nothing below is voice, dB of full scale
   * @param fainterDb what is weaker than the caller's voice by so much is not theirs
   * @param riseDbPerSecond how fast the floor follows sound that does not end
   */
  public record Options(
      double marginDb, double quietestDb, double fainterDb, double riseDbPerSecond) {
    public static final Options DEFAULTS = new Options(7, -48, 17, 10);
  }

  private final Options options;
  private final BandSplitter splitter = new BandSplitter();
  private final double[] levels = new double[BandSplitter.BANDS];
  private final NoiseFloor[] floors = new NoiseFloor[BandSplitter.BANDS];
  private int sinceVoice = Integer.MAX_VALUE;
  private int run;
  private int lasting;
  private double caller = BandSplitter.QUIETEST_DB;

  public EnergyDetector(Options options) {
    this.options = options;
    for (int band = 0; band < floors.length; band++) {
      floors[band] = new NoiseFloor(options.riseDbPerSecond() * AudioFrame.FRAME_MS / 1000);
    }
  }

  @Override
  public boolean voiced(byte[] mulaw, int from, int length, long at) {
    splitter.split(mulaw, from, length, levels);
    // Of the samples themselves: the filters still ring when the voice is over.
    double level = MuLaw.decibels(mulaw, from, length);
    double ease = sinceVoice < RUNNING_FRAMES ? EASE_DB : 0;
    double quietest = Math.max(options.quietestDb(), caller - options.fainterDb());
    boolean voiced = level > quietest - ease && aboveNoise() > options.marginDb() - ease;
    learn(level, voiced);
    return voiced;
  }

  /** How far the best two neighbouring bands stand out of the noise, dB. */
  private double aboveNoise() {
    double best = above(0) + above(1);
    for (int band = 2; band < floors.length; band++) {
      best = Math.max(best, above(band - 1) + above(band));
    }
    return best / 2;
  }

  private double above(int band) {
    NoiseFloor floor = floors[band];
    return levels[band] - floor.db() - Math.min(MOST_SWING_DB, floor.swing());
  }

  private void learn(double level, boolean voiced) {
    run = voiced ? run + 1 : 0;
    sinceVoice = voiced ? 0 : Math.min(sinceVoice, Integer.MAX_VALUE - 1) + 1;
    boolean speech = sinceVoice < RUNNING_FRAMES;
    lasting = speech ? lasting + 1 : 0;
    for (int band = 0; band < floors.length; band++) {
      floors[band].follow(levels[band], speech, lasting > ENDLESS_FRAMES);
    }
    if (run >= CERTAIN_FRAMES) {
      caller += (level > caller ? LEARN_LOUDER : LEARN_FAINTER) * (level - caller);
    }
    caller -= FORGET_DB;
  }
}
