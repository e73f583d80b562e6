package io.voiceagent.cli;

import io.voiceagent.config.Settings;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What {@code serve} says when it is ready: how long that took, and what to open next.
 *
 * @param media the public listener as this machine reaches it; empty on a node without one
 * @param ops the ops listener
 * @param webhook where the carrier is to send calls
 */
record Banner(String media, String ops, String webhook, boolean simulated) {

  static Banner of(RunningService service, Settings settings) {
    String scheme = settings.effective("media.tls.cert", "").isEmpty() ? "http" : "https";
    int port = service.agent().mediaPort();
    String media = port == 0 ? "" : scheme + "://127.0.0.1:" + port;
    String shown = settings.effective("media.publicUrl", media).replaceAll("/+$", "");
    return new Banner(
        media,
        "http://127.0.0.1:" + service.agent().opsPort(),
        port == 0 ? "" : shown + "/twilio/voice",
        service.simulators() != null);
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Voice Agent is up, %.1f s after its start; %s.%n%n",
        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0,
        simulated ? "its providers are simulated" : "its providers are real");
    if (!webhook.isEmpty()) {
      row(out, "webhook", webhook, "what Twilio calls, HTTP POST");
    }
    row(out, "calls", ops + "/api/calls", "running calls, turn by turn");
    row(out, "metrics", ops + "/metrics", "for Prometheus");
    row(out, "health", ops + "/health/ready", "200 when it takes calls");
    if (simulated && !media.isEmpty()) {
      boolean usual = media.endsWith(":8080") && ops.endsWith(":5050");
      String where = usual ? "" : " --url " + media + " --ops " + ops;
      row(out, "try", "scripts/make_call_v4.sh" + where, "");
    }
    out.flush();
  }

  private static void row(PrintWriter out, String name, String value, String what) {
    out.println(String.format("  %-9s %-42s %s", name, value, what).stripTrailing());
  }
}
