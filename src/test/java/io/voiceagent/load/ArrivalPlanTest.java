package io.voiceagent.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.config.Settings;
import io.voiceagent.load.ArrivalPlan.Arrival;
import io.voiceagent.sim.Scenario;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArrivalPlanTest {
  @Test
  void aRampBringsAllEvenlyAndEndsThemTogether() {
    List<Arrival> plan = plan("load.calls", "4", "load.ramp", "8s", "load.hold", "10s");

    assertThat(plan).extracting(Arrival::atMs).containsExactly(0L, 2000L, 4000L, 6000L);
    assertThat(plan).allMatch(arrival -> arrival.atMs() + arrival.holdMs() == 18_000);
  }

  @Test
  void aConstantRateFollowsFromCallsAndHold() {
    List<Arrival> plan = plan(
        "load.arrivals", "constant", "load.calls", "20", "load.hold", "10s", "load.duration", "5s");

    assertThat(plan).hasSize(10);
    assertThat(plan.get(3).atMs()).isEqualTo(1500);
  }

  @Test
  void chanceHasTheRateOnAverageAndTheSamePlanForTheSameSeed() {
    String[] profile = {"load.arrivals", "poisson", "load.rate", "50", "load.duration", "100s"};

    List<Arrival> plan = plan(profile);

    assertThat(plan.size()).isBetween(4700, 5300);
    assertThat(plan).isEqualTo(plan(profile));
    assertThat(plan).isSortedAccordingTo((a, b) -> Long.compare(a.atMs(), b.atMs()));
  }

  @Test
  void aBurstBringsAllAtOnce() {
    List<Arrival> plan = plan(
        "load.arrivals", "burst", "load.calls", "3", "load.every", "10s", "load.duration", "20s");

    assertThat(plan)
        .extracting(Arrival::atMs)
        .containsExactly(0L, 0L, 0L, 10_000L, 10_000L, 10_000L);
  }

  @Test
  void callersAreThoseOfTheSharesAndOfTheSeed() {
    LoadProfile profile = profile("load.bargeIn", "0.3", "load.abrupt", "0", "load.noise", "1");
    CallerMix mix = new CallerMix(profile);
    int interrupting = 0;
    for (int i = 0; i < 1000; i++) {
      Scenario caller = mix.caller(new Arrival(i, 0, 1000));
      interrupting += caller.bargeIn() ? 1 : 0;
      assertThat(caller.abrupt()).isFalse();
      assertThat(caller.noise()).isPositive();
    }

    assertThat(interrupting).isBetween(250, 350);
    assertThat(mix.caller(new Arrival(5, 0, 1000)))
        .isEqualTo(new CallerMix(profile).caller(new Arrival(5, 0, 1000)));
  }

  static LoadProfile profile(String... keysAndValues) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    Settings settings = Settings.of(values);
    LoadProfile profile = LoadProfile.from(settings);
    settings.check();
    return profile;
  }

  private static List<Arrival> plan(String... keysAndValues) {
    return ArrivalPlan.of(profile(keysAndValues));
  }
}
