package io.voiceagent.bus;

/** Closes what leaves for another node, so that only those who share the secret can read or make it. Thread-safe. */
public interface FrameSeal {
  /** For a network that is trusted. */
  FrameSeal NONE = new FrameSeal() {
    @Override
    public byte[] seal(byte[] frame) {
      return frame;
    }

    @Override
    public byte[] open(byte[] sealed) {
      return sealed;
    }
  };

  byte[] seal(byte[] frame);

  /** @throws WireFormatException when it was not sealed with our secret */
  byte[] open(byte[] sealed);
}
