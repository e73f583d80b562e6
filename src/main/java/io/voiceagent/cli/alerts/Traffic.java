package io.voiceagent.cli.alerts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Simulated callers, each a process that calls again and again. Whether their calls go well is for the alerts to say. */
final class Traffic implements AutoCloseable {
  private static final int CALLERS = 3;
  private static final List<String> WORDS = List.of(
      "hello there", "what can you do", "tell me more", "and then", "thank you", "one more thing");

  private final List<Caller> callers = new ArrayList<>();

  private Traffic() {}

  static Traffic start(Path jar, ServiceProcess service, Path log) {
    Traffic traffic = new Traffic();
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-jar",
        jar.toString(),
        "call",
        "--simulated",
        "--url",
        service.url(),
        "--ops",
        "http://127.0.0.1:" + service.opsPort));
    WORDS.forEach(words -> command.addAll(List.of("--say", words)));
    for (int i = 0; i < CALLERS; i++) {
      Caller caller = new Caller(List.copyOf(command), log);
      traffic.callers.add(caller);
      caller.start();
    }
    return traffic;
  }

  @Override
  public void close() {
    callers.forEach(Caller::end);
  }

  private static final class Caller extends Thread {
    private final List<String> command;
    private final Path log;
    private volatile boolean over;
    private volatile @Nullable Process process;

    Caller(List<String> command, Path log) {
      super("caller");
      setDaemon(true);
      this.command = command;
      this.log = log;
    }

    @Override
    public void run() {
      try {
        while (!over) {
          Process call = new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
          process = call;
          call.waitFor();
          // While the service is down calls fail at once.
          TimeUnit.MILLISECONDS.sleep(200);
        }
      } catch (IOException | InterruptedException e) {
        over = true;
      }
    }

    void end() {
      over = true;
      Process call = process;
      if (call != null) {
        call.destroy();
      }
    }
  }
}
