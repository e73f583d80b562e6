package io.voiceagent.bus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The inverse of {@link WireWriter}; trusts no length. */
final class WireReader {
  private final byte[] bytes;
  private int at;
  private int limit;

  WireReader(byte[] bytes) {
    this.bytes = bytes;
    this.limit = bytes.length;
  }

  boolean more() {
    return at < limit;
  }

  int octet() {
    need(1);
    return bytes[at++] & 0xFF;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      value |= (long) (octet & 0x7F) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new WireFormatException("a number without end");
  }

  int count() {
    long value = number();
    if (value < 0 || value > limit - at) {
      throw new WireFormatException("a length of " + value + " in " + (limit - at) + " bytes");
    }
    return (int) value;
  }

  long signed() {
    long value = number();
    return value >>> 1 ^ -(value & 1);
  }

  long fixed64() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | bytes[at++] & 0xFF;
    }
    return value;
  }

  byte[] blob() {
    int length = count();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  String text() {
    int length = count();
    String value = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return value;
  }

  /** Enters a part that has its length before it; answers with the outer limit, for {@link #leave}. */
  int enter() {
    int length = count();
    int outer = limit;
    limit = at + length;
    return outer;
  }

  /** Skips what a newer release added to the part. */
  void leave(int outer) {
    at = limit;
    limit = outer;
  }

  private void need(int count) {
    if (limit - at < count) {
      throw new WireFormatException("cut short");
    }
  }
}
