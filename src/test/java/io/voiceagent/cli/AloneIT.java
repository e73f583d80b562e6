package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that stands alone pays nothing for the cluster. */
class AloneIT {
  @Test
  void noClassOfTheClusterEngineIsLoaded() throws Exception {
    Path log = Files.createTempFile("alone", ".log");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-verbose:class",
        "-cp",
        System.getProperty("java.class.path"),
        "io.voiceagent.cli.Main",
        "serve"));
    for (String setting : List.of(
        "simulator.enabled=true",
        "media.host=127.0.0.1",
        "media.port=0",
        "ops.host=127.0.0.1",
        "ops.port=0",
        "telephony.twilio.authToken=" + LiveService.TOKEN)) {
      command.addAll(List.of("--set", setting));
    }
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (!Files.readString(log).contains("Voice Agent is up")) {
        assertThat(process.isAlive() && System.nanoTime() < until).isTrue();
        TimeUnit.MILLISECONDS.sleep(200);
      }
      assertThat(Files.readAllLines(log))
          .anyMatch(line -> line.contains("io.voiceagent.app.LocalSite"))
          // The engine; a single interface of it is looked at while other classes are verified.
          .noneMatch(line -> line.contains("com.hazelcast.instance."))
          .noneMatch(line -> line.contains("io.voiceagent.cluster.ClusterNode "))
          .noneMatch(line -> line.contains("io.voiceagent.bus.EnvelopeCodec "));
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(log);
    }
  }
}
