package io.voiceagent.load;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * What a load test does. Arrivals are an open loop: a call comes when it is due, however the others fare.
 *
 * @param arrivals how calls come
 * @param calls {@code ramp}: how many come; {@code burst}: how many come at once; otherwise with {@code rate} 0: how many
 *     are up at a time
 * @param rate calls per second of {@code constant} and {@code poisson}; 0: {@code calls / hold}
 * @param ramp span over which the calls of a {@code ramp} come
 * @param every time between bursts
 * @param duration span in which calls come, other than in a {@code ramp}
 * @param hold how long a call lasts; in a {@code ramp} how long all stay after the last has come
 * @param think pause of a caller before the next line, half to one and a half of it
 * @param rehearsal calls before the run, of which nothing is reported
 * @param warmUp not measured at the start
 * @param bargeIn share of callers who interrupt, 0 to 1; so are the shares that follow
 * @param sample time between two looks at the service
 * @param maxLateness the run does not count when one of 1,000 frames of the generator was later than this
 * @param seed two runs with the same seed have the same callers
 */
public record LoadProfile(
    Arrivals arrivals,
    int calls,
    double rate,
    Duration ramp,
    Duration every,
    Duration duration,
    Duration hold,
    Duration think,
    int rehearsal,
    Duration warmUp,
    double bargeIn,
    double noise,
    double dtmf,
    double abrupt,
    double slowReaders,
    double stories,
    Duration sample,
    Duration maxLateness,
    int seed) {
  /** How calls come. */
  public enum Arrivals {
    RAMP,
    CONSTANT,
    POISSON,
    BURST
  }

  private static final int MOST_CALLS = 1_000_000;

  public static LoadProfile from(Settings settings) {
    return new LoadProfile(
        settings.oneOf("load.arrivals", Arrivals.RAMP),
        settings.integer("load.calls", 100, 1, MOST_CALLS),
        settings.decimal("load.rate", 0, 0, 100_000),
        settings.duration("load.ramp", Duration.ofSeconds(10)),
        settings.duration("load.every", Duration.ofSeconds(10)),
        settings.duration("load.duration", Duration.ofSeconds(60)),
        settings.duration("load.hold", Duration.ofSeconds(30)),
        settings.duration("load.think", Duration.ofSeconds(1)),
        settings.integer("load.rehearsal", 5, 0, 1000),
        settings.duration("load.warmUp", Duration.ofSeconds(5)),
        settings.decimal("load.bargeIn", 0.1, 0, 1),
        settings.decimal("load.noise", 0.1, 0, 1),
        settings.decimal("load.dtmf", 0.02, 0, 1),
        settings.decimal("load.abrupt", 0.05, 0, 1),
        settings.decimal("load.slowReaders", 0.02, 0, 1),
        settings.decimal("load.stories", 0.1, 0, 1),
        settings.duration("load.sample", Duration.ofSeconds(2)),
        settings.duration("load.maxLateness", Duration.ofMillis(20)),
        settings.integer("load.seed", 1, 0, Integer.MAX_VALUE));
  }

  /** The same people, another number of calls at a time. */
  public LoadProfile withCalls(int count) {
    return with(count, rehearsal);
  }

  /** The same without a rehearsal: there was one. */
  public LoadProfile rehearsed() {
    return with(calls, 0);
  }

  private LoadProfile with(int count, int rehearsals) {
    return new LoadProfile(
        arrivals,
        count,
        rate,
        ramp,
        every,
        duration,
        hold,
        think,
        rehearsals,
        warmUp,
        bargeIn,
        noise,
        dtmf,
        abrupt,
        slowReaders,
        stories,
        sample,
        maxLateness,
        seed);
  }

  double callsPerSecond() {
    return rate > 0 ? rate : calls / Math.max(0.001, hold.toMillis() / 1000.0);
  }

  /** When the figures begin to count. */
  public Duration measuredFrom() {
    return arrivals == Arrivals.RAMP && ramp.compareTo(warmUp) > 0 ? ramp : warmUp;
  }

  /** When they cease to: the load goes down from here on. */
  public Duration measuredTo() {
    return arrivals == Arrivals.RAMP ? ramp.plus(hold) : duration;
  }
}
