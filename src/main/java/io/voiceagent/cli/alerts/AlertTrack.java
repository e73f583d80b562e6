package io.voiceagent.cli.alerts;

import org.jspecify.annotations.Nullable;

/** When one alert passed through its states, in {@link System#nanoTime()}. */
final class AlertTrack {
  private static final String ROW = "%-29s %8s %7s %7s %9s %7s %8s %7s  %s";

  final String alert;
  private final String fault;
  private final long injectedAt;
  private @Nullable Long pendingAt;
  private @Nullable Long firingAt;
  private @Nullable Long deliveredAt;
  private @Nullable Long clearedAt;
  private @Nullable Long resolvedAt;

  AlertTrack(String alert, String fault, long injectedAt) {
    this.alert = alert;
    this.fault = fault;
    this.injectedAt = injectedAt;
  }

  /** What Prometheus says now; null when it knows no such alert. */
  void state(@Nullable String state, long now) {
    if (pendingAt == null && state != null) {
      pendingAt = now;
    }
    if (firingAt == null && "firing".equals(state)) {
      firingAt = now;
    }
  }

  void received(@Nullable Long firedAt, @Nullable Long endedAt) {
    deliveredAt = firedAt;
    resolvedAt = endedAt;
  }

  /** The fault was switched off. */
  void cleared(long now) {
    clearedAt = now;
  }

  boolean delivered() {
    return deliveredAt != null;
  }

  boolean resolved() {
    return resolvedAt != null;
  }

  static String header() {
    return String.format(
        ROW,
        "alert",
        "injected",
        "pending",
        "firing",
        "delivered",
        "cleared",
        "resolved",
        "seconds",
        "fault");
  }

  /** Seconds since the injection in each column; {@code seconds} is how long it took from injection to resolution. */
  String line() {
    return String.format(
        ROW,
        alert,
        "0.0",
        seconds(pendingAt),
        seconds(firingAt),
        seconds(deliveredAt),
        seconds(clearedAt),
        seconds(resolvedAt),
        resolved() && delivered() ? seconds(resolvedAt) : "FAILED",
        fault);
  }

  private String seconds(@Nullable Long at) {
    return at == null ? "-" : String.format("%.1f", (at - injectedAt) / 1e9);
  }
}
