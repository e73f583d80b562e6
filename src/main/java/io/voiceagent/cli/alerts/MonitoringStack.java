package io.voiceagent.cli.alerts;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Prometheus and Alertmanager as processes, with the shipped rules in compressed time. Everything lies in one
 * folder; closing ends both.
 */
final class MonitoringStack implements AutoCloseable {
  private final List<Process> processes = new ArrayList<>();
  private final Path folder;
  private final int prometheusPort = freePort();

  private MonitoringStack(Path folder) throws IOException {
    this.folder = folder;
  }

  /**
   * @param targets host:port of what is scraped
   * @param rules folder or file of the shipped rules
   * @param factor by how much time is compressed
   * @param receiver where Alertmanager delivers
   * @throws IOException when a program is missing or does not start
   */
  static MonitoringStack start(
      Path folder, List<String> targets, Path rules, double factor, String receiver)
      throws IOException {
    MonitoringStack stack = new MonitoringStack(folder);
    try {
      Files.writeString(
          folder.resolve("alerts.yml"), CompressedRules.of(Files.readString(rules), factor));
      int alertmanagerPort = freePort();
      stack.alertmanager(alertmanagerPort, receiver);
      stack.prometheus(targets, alertmanagerPort, factor);
      return stack;
    } catch (IOException | RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  Prometheus prometheus() {
    return new Prometheus(prometheusPort);
  }

  static String find(String... names) throws IOException {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String name : names) {
      for (String entry : path.split(File.pathSeparator, -1)) {
        if (Files.isExecutable(Path.of(entry, name))) {
          return Path.of(entry, name).toString();
        }
      }
    }
    throw new IOException(names[0] + " is not installed (Debian: apt-get install prometheus"
        + " prometheus-alertmanager)");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void alertmanager(int port, String receiver) throws IOException {
    Files.writeString(folder.resolve("alertmanager.yml"), """
        route:
          receiver: proof
          group_by: [alertname]
          group_wait: 0s
          group_interval: 200ms
          repeat_interval: 1h
        receivers:
          - name: proof
            webhook_configs:
              - url: %s
                send_resolved: true
        """.formatted(receiver));
    run(
        "alertmanager",
        find("prometheus-alertmanager", "alertmanager"),
        "--config.file=" + folder.resolve("alertmanager.yml"),
        "--storage.path=" + folder.resolve("alertmanager-data"),
        "--web.listen-address=127.0.0.1:" + port,
        "--cluster.listen-address=");
  }

  private void prometheus(List<String> targets, int alertmanagerPort, double factor)
      throws IOException {
    // A window needs several scrapes: the shipped five seconds shrink too, but not below what a
    // scrape takes.
    long interval = Math.max(250, Math.round(5000 / factor));
    Files.writeString(folder.resolve("prometheus.yml"), """
        global:
          scrape_interval: %1$dms
          scrape_timeout: %1$dms
          evaluation_interval: %1$dms
        rule_files: [alerts.yml]
        alerting:
          alertmanagers:
            - static_configs:
                - targets: ["127.0.0.1:%2$d"]
        scrape_configs:
          - job_name: voice_agent_v4
            static_configs:
              - targets: ["%3$s"]
        """.formatted(
            interval, alertmanagerPort, String.join("\", \"", targets)));
    run(
        "prometheus",
        find("prometheus"),
        "--config.file=" + folder.resolve("prometheus.yml"),
        "--storage.tsdb.path=" + folder.resolve("prometheus-data"),
        "--web.listen-address=127.0.0.1:" + prometheusPort,
        "--rules.alert.resend-delay=500ms");
  }

  private void run(String name, String... command) throws IOException {
    processes.add(new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start());
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
  }
}
