package io.voiceagent.bus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts values into bytes: numbers in groups of seven bits, texts and bytes behind their length. */
final class WireWriter {
  private byte[] bytes = new byte[256];
  private int size;

  void octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  /** Small numbers are short; a negative one takes ten bytes. */
  void number(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Small numbers of either sign are short. */
  void signed(long value) {
    number(value << 1 ^ value >> 63);
  }

  void fixed64(long value) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void blob(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void text(String value) {
    blob(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Where a part with its length before it begins; hand it to {@link #close}. */
  int open() {
    return size;
  }

  /** Puts the length before everything since {@code start}. */
  void close(int start) {
    int length = size - start;
    int head = 1;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      head++;
    }
    room(head);
    System.arraycopy(bytes, start, bytes, start + head, length);
    size = start;
    number(length);
    size += length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
