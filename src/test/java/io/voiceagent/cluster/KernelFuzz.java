package io.voiceagent.cluster;

import java.util.Arrays;

/** What a replicated map holds of a call: a kernel that can be written again, or the declared error. */
public final class KernelFuzz {
  private KernelFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    CallKernel kernel;
    try {
      kernel = CallKernelCodec.decode(data);
    } catch (IllegalArgumentException declared) {
      return;
    }
    byte[] again = CallKernelCodec.encode(kernel);
    if (!Arrays.equals(again, CallKernelCodec.encode(CallKernelCodec.decode(again)))) {
      throw new AssertionError("written and read it is another: " + kernel);
    }
  }
}
