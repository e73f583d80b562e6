package io.voiceagent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CapacitySearchTest {
  @Test
  void itGrowsUntilALimitBreaksAndThenClosesIn() {
    CapacitySearch search = new CapacitySearch(100, 5000, 20);
    List<Integer> loads = new ArrayList<>();
    while (search.next() > 0) {
      int calls = search.next();
      loads.add(calls);
      search.tried(tried(calls, calls <= 400));
    }

    assertThat(loads).startsWith(100, 150, 225, 338, 507, 422);
    assertThat(search.best()).get().extracting(CapacitySearch.Tried::calls).isEqualTo(380);
  }

  @Test
  void itGoesDownWhenTheFirstLoadIsTooMuch() {
    CapacitySearch search = new CapacitySearch(100, 5000, 20);
    while (search.next() > 0) {
      search.tried(tried(search.next(), search.next() <= 30));
    }

    assertThat(search.best().orElseThrow().calls()).isBetween(27, 30);
  }

  @Test
  void itEndsAtTheHighestLoadAllowedAndWhenNothingHolds() {
    CapacitySearch generous = new CapacitySearch(100, 120, 20);
    while (generous.next() > 0) {
      generous.tried(tried(generous.next(), true));
    }
    CapacitySearch hopeless = new CapacitySearch(16, 120, 20);
    while (hopeless.next() > 0) {
      hopeless.tried(tried(hopeless.next(), false));
    }

    assertThat(generous.best().orElseThrow().calls()).isEqualTo(120);
    assertThat(hopeless.best()).isEmpty();
  }

  @Test
  void aLimitThatCouldNotBeMeasuredIsBroken() {
    Threshold limit = Threshold.parse("added_latency_p99_ms>10");

    assertThat(limit.broken(Map.of("added_latency_p99_ms", 10.0))).isFalse();
    assertThat(limit.broken(Map.of("added_latency_p99_ms", 10.5))).isTrue();
    assertThat(limit.broken(Map.of("added_latency_p99_ms", Double.NaN))).isTrue();
    assertThat(limit.broken(Map.of())).isTrue();
    assertThat(Threshold.parse("words <= 5").broken(Map.of("words", 5.0))).isTrue();
    assertThatThrownBy(() -> Threshold.parse("fast please"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static CapacitySearch.Tried tried(int calls, boolean held) {
    LoadResult result = new LoadResult(
        ArrivalPlanTest.profile(),
        Map.of(),
        Map.of(),
        "",
        Map.of(),
        List.of(),
        List.of(),
        new Histogram(3),
        new Histogram(3),
        new Histogram(3),
        List.of());
    return new CapacitySearch.Tried(calls, held, result, List.of());
  }
}
