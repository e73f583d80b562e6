package io.voiceagent.metrics;

import io.voiceagent.config.Settings;

/**
 * Traces of calls.
 *
 * @param endpoint where an OpenTelemetry collector takes OTLP over HTTP
 */
public record TracingOptions(boolean enabled, String endpoint) {
  public static final String DEFAULT_ENDPOINT = "http://localhost:4318/v1/traces";

  public static TracingOptions from(Settings settings) {
    return new TracingOptions(
        settings.flag("tracing.enabled", false),
        settings.string("tracing.otlp.endpoint", DEFAULT_ENDPOINT));
  }
}
