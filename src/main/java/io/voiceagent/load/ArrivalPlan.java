package io.voiceagent.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** When each call comes and how long it stays, decided before the first one does. Pure. */
final class ArrivalPlan {
  /** @param atMs since the start of the run */
  record Arrival(int number, long atMs, long holdMs) {}

  private static final int MOST = 2_000_000;

  private ArrivalPlan() {}

  static List<Arrival> of(LoadProfile profile) {
    return switch (profile.arrivals()) {
      case RAMP -> ramp(profile);
      case CONSTANT -> constant(profile);
      case POISSON -> poisson(profile);
      case BURST -> burst(profile);
    };
  }

  /** All come evenly, and all stay until the end. */
  private static List<Arrival> ramp(LoadProfile profile) {
    List<Arrival> plan = new ArrayList<>();
    long span = profile.ramp().toMillis();
    long end = span + profile.hold().toMillis();
    for (int i = 0; i < profile.calls(); i++) {
      long at = span * i / profile.calls();
      plan.add(new Arrival(i, at, end - at));
    }
    return plan;
  }

  private static List<Arrival> constant(LoadProfile profile) {
    List<Arrival> plan = new ArrayList<>();
    double gap = 1000 / profile.callsPerSecond();
    for (double at = 0; at < profile.duration().toMillis() && plan.size() < MOST; at += gap) {
      plan.add(new Arrival(plan.size(), (long) at, profile.hold().toMillis()));
    }
    return plan;
  }

  private static List<Arrival> poisson(LoadProfile profile) {
    Random random = new Random(profile.seed());
    List<Arrival> plan = new ArrayList<>();
    double mean = 1000 / profile.callsPerSecond();
    double at = 0;
    while (plan.size() < MOST) {
      at -= mean * Math.log(1 - random.nextDouble());
      if (at >= profile.duration().toMillis()) {
        break;
      }
      plan.add(new Arrival(plan.size(), (long) at, profile.hold().toMillis()));
    }
    return plan;
  }

  private static List<Arrival> burst(LoadProfile profile) {
    List<Arrival> plan = new ArrayList<>();
    long every = Math.max(1, profile.every().toMillis());
    for (long at = 0; at < profile.duration().toMillis(); at += every) {
      for (int i = 0; i < profile.calls() && plan.size() < MOST; i++) {
        plan.add(new Arrival(plan.size(), at, profile.hold().toMillis()));
      }
    }
    return plan;
  }
}
