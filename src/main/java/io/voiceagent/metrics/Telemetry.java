package io.voiceagent.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The registry of one process with everything in it: our meters, the JVM's and Vert.x's. Made before Vert.x, which
 * takes its metrics at construction: {@code Vertx.builder().withMetrics(telemetry.factory())}.
 */
public final class Telemetry implements AutoCloseable {
  /** What a scraper gets that asks for nothing in particular. */
  public static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry;
  private final VoiceMeters meters;
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  public Telemetry() {
    registry = new PrometheusMeterRegistry(
        new Config(), new PrometheusRegistry(), Clock.SYSTEM, new Exemplars());
    List<MeterBinder> platform = List.of(
        new JvmMemoryMetrics(),
        new JvmThreadMetrics(),
        new ClassLoaderMetrics(),
        new ProcessorMetrics(),
        new UptimeMetrics(),
        new FileDescriptorMetrics(),
        garbage);
    platform.forEach(binder -> binder.bindTo(registry));
    Gauge.builder(MeterNames.BUILD_INFO, () -> 1)
        .description(MeterHelp.of(MeterNames.BUILD_INFO))
        .tag("version", version())
        .register(registry);
    meters = new VoiceMeters(registry);
  }

  public VoiceMeters meters() {
    return meters;
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /**
   * Vert.x's own metrics, in the same registry. No label may grow with traffic: no paths, no methods (a peer may invent
   * them), no remote or bus addresses. The bus and plain TCP stay unmeasured; they sit under every frame.
   */
  public VertxMetricsFactory factory() {
    MicrometerMetricsOptions metrics = new MicrometerMetricsOptions()
        .setEnabled(true)
        .setLabels(EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME));
    for (MetricsDomain off : EnumSet.of(
        MetricsDomain.EVENT_BUS,
        MetricsDomain.NET_CLIENT,
        MetricsDomain.NET_SERVER,
        MetricsDomain.DATAGRAM_SOCKET)) {
      metrics.addDisabledMetricsCategory(off.toCategory());
    }
    MicrometerMetricsFactory factory = new MicrometerMetricsFactory(registry);
    return options -> factory.metrics(new VertxOptions(options).setMetricsOptions(metrics));
  }

  /** The format to answer an {@code Accept} header with; exemplars exist in OpenMetrics only. */
  public static String contentType(String accept) {
    return accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS_TEXT;
  }

  /** All meters as text. Takes milliseconds: never on an event loop. */
  public String scrape(String contentType) {
    return registry.scrape(contentType);
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }

  /**
   * Exemplars on buckets and counters only. The library puts them on a histogram's count too, which Prometheus before 2.43
   * refuses together with the whole scrape.
   */
  private static final class Config implements PrometheusConfig {
    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public Properties prometheusProperties() {
      Properties properties = new Properties();
      properties.setProperty("io.prometheus.exporter.exemplars_on_all_metric_types", "false");
      return properties;
    }
  }

  private static String version() {
    return Objects.requireNonNullElse(
        Telemetry.class.getPackage().getImplementationVersion(), "development");
  }
}
