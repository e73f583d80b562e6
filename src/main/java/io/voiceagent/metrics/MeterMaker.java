package io.voiceagent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** Registers meters, each with its help and the histograms with their common edges. */
record MeterMaker(MeterRegistry registry) {
  private static final double[] EDGES_MS = {
    5, 10, 20, 35, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 1000, 1250, 1500, 1750,
    2000, 2500, 3000, 4000, 5000, 7500, 10000, 20000, 30000
  };

  void gauge(String name, IntSupplier value, String... tags) {
    Gauge.builder(name, value, IntSupplier::getAsInt)
        .strongReference(true)
        .description(MeterHelp.of(name))
        .tags(tags)
        .register(registry);
  }

  Counter counter(String name, String... tags) {
    return Counter.builder(name).description(MeterHelp.of(name)).tags(tags).register(registry);
  }

  DistributionSummary summary(String name, String... tags) {
    return DistributionSummary.builder(name)
        .description(MeterHelp.of(name))
        .serviceLevelObjectives(EDGES_MS)
        .tags(tags)
        .register(registry);
  }
}
