package io.voiceagent.bus;

/** One kind of component of a record. */
interface WireField {
  void write(WireWriter out, Object value);

  Object read(WireReader in);

  /** What stands for it when an older release did not send it. */
  Object missing();
}
