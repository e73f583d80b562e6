package io.voiceagent.bus;

import io.voiceagent.call.CallId;

/**
 * Takes a stream that a peer opens. Handlers must be set on the reader before this returns. Throwing a
 * {@link io.voiceagent.call.FailureException} refuses the stream with that failure.
 */
@FunctionalInterface
public interface StreamAcceptor<T, M> {
  void accept(CallId call, M open, BusReader<T> reader);
}
