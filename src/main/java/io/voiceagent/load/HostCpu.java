package io.voiceagent.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the whole machine has used: whoever else works on it spoils a measurement, and must be seen to. */
final class HostCpu {
  private static final Path STAT = Path.of("/proc/stat");
  private static final double TICKS_PER_SECOND = 100;
  /** cpu user nice system idle iowait irq softirq steal; the rest is counted in user already. */
  private static final int IDLE = 4;

  private static final int WAITING = 5;
  private static final int STEAL = 8;

  private HostCpu() {}

  /** CPU seconds of all cores since the machine started; NaN where that cannot be seen. */
  static double busySeconds() {
    try {
      String[] fields = Files.readAllLines(STAT).get(0).split(" +");
      double ticks = 0;
      for (int i = 1; i <= STEAL; i++) {
        ticks += i == IDLE || i == WAITING ? 0 : Double.parseDouble(fields[i]);
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException | RuntimeException notLinux) {
      return Double.NaN;
    }
  }
}
