package io.voiceagent.load;

import java.util.OptionalLong;

/**
 * What is loaded.
 *
 * @param url its public listener
 * @param ops its ops listener
 * @param authToken signs the carrier's requests; empty: they are not signed
 * @param servicePid when it runs on this machine as a child of ours
 * @param simulatorPid the providers' process, likewise
 */
public record LoadTarget(
    String url, String ops, String authToken, OptionalLong servicePid, OptionalLong simulatorPid) {

  public static LoadTarget running(String url, String ops, String authToken) {
    return new LoadTarget(url, ops, authToken, OptionalLong.empty(), OptionalLong.empty());
  }

  /** CPU seconds that a process has used; NaN when that cannot be seen. */
  static double cpuSeconds(OptionalLong pid) {
    return pid.isEmpty()
        ? Double.NaN
        : ProcessHandle.of(pid.getAsLong())
            .flatMap(process -> process.info().totalCpuDuration())
            .map(cpu -> cpu.toNanos() / 1e9)
            .orElse(Double.NaN);
  }
}
