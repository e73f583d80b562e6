package io.voiceagent.cli.alerts;

import org.jspecify.annotations.Nullable;

/** When one alert passed through its states, in {@link System#nanoTime()}. */
final class AlertTrack {
  final String alert;
  private final long injectedAt;
  private @Nullable Long pendingAt;
  private @Nullable Long firingAt;
  private @Nullable Long deliveredAt;
  private @Nullable Long clearedAt;
  private @Nullable Long resolvedAt;

  AlertTrack(String alert, long injectedAt) {
    this.alert = alert;
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
        "%-30s %8s %8s %8s %10s %10s %10s  %s",
        "alert", "injected", "pending", "firing", "delivered", "cleared", "resolved", "seconds");
  }

  /** Seconds since the injection in each column, how long it took from injection to resolution in the last. */
  String line() {
    return String.format(
        "%-30s %8s %8s %8s %10s %10s %10s  %s",
        alert,
        "0.0",
        seconds(pendingAt),
        seconds(firingAt),
        seconds(deliveredAt),
        seconds(clearedAt),
        seconds(resolvedAt),
        resolved() && delivered() ? seconds(resolvedAt) : "FAILED");
  }

  private String seconds(@Nullable Long at) {
    return at == null ? "-" : String.format("%.1f", (at - injectedAt) / 1e9);
  }
}
