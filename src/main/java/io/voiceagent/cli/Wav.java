package io.voiceagent.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A WAV file of mu-law 8 kHz mono (format 7), which every player knows. */
final class Wav {
  private static final int HEADER = 58;

  private Wav() {}

  static byte[] ofMuLaw(byte[] samples) {
    ByteBuffer file = ByteBuffer.allocate(HEADER + samples.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER - 8 + samples.length);
    file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(18);
    file.putShort((short) 7).putShort((short) 1).putInt(8000).putInt(8000);
    file.putShort((short) 1).putShort((short) 8).putShort((short) 0);
    file.put("fact".getBytes(StandardCharsets.US_ASCII)).putInt(4).putInt(samples.length);
    file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples.length).put(samples);
    return file.array();
  }
}
