package io.voiceagent.bus;

import io.vertx.core.buffer.Buffer;
import io.voiceagent.call.Clock;

/** What a mailbox needs to speak with other nodes: bytes, their seal, and a clock for liveness. */
final class Remote {
  final Clock clock;
  private final EnvelopeCodec codec;
  private final FrameSeal seal;

  Remote(Clock clock, FrameSeal seal) {
    this.clock = clock;
    this.seal = seal;
    this.codec = new EnvelopeCodec(clock);
  }

  Buffer encode(Envelope envelope) {
    return Buffer.buffer(seal.seal(codec.encode(envelope)));
  }

  /** @throws WireFormatException when it is not from our cluster, or of a release too far away */
  Envelope decode(Buffer frame) {
    return codec.decode(seal.open(frame.getBytes()));
  }
}
