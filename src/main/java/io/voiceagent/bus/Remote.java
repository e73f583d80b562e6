package io.voiceagent.bus;

import io.vertx.core.buffer.Buffer;
import io.voiceagent.call.Clock;
import java.time.Duration;

/** What a mailbox needs to speak with other nodes: bytes, their seal, and a clock for liveness. */
final class Remote {
  final Clock clock;
  private final EnvelopeCodec codec;
  private final FrameSeal seal;

  /**
   * @param node this one's name
   * @param peerTimeout after twice so long others have taken over what was told
   */
  Remote(Clock clock, FrameSeal seal, String node, Duration peerTimeout) {
    this.clock = clock;
    this.seal = seal;
    this.codec = new EnvelopeCodec(clock, node, 2 * peerTimeout.toMillis());
  }

  Buffer encode(Envelope envelope) {
    return Buffer.buffer(seal.seal(codec.encode(envelope)));
  }

  /** @throws WireFormatException when it is not from our cluster, of a release too far away, or comes much too late */
  Envelope decode(Buffer frame) {
    return codec.decode(seal.open(frame.getBytes()));
  }
}
