package io.voiceagent.bus;

import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.StageAddress;

/** What travels between mailboxes. {@code stream} is the id that the receiving mailbox gave to its end. */
sealed interface Envelope {
  /** Request; answered by {@link Accepted} or a failed reply. {@code writer} is the id of the opener's end. */
  record Open(StageAddress from, long writer, String type, CallId call, Object open)
      implements Envelope {}

  record Accepted(long reader, int credit) implements Envelope {}

  record Refused(Failure failure) implements Envelope {}

  record Data(long stream, int seq, Object item) implements Envelope {}

  /** The writer is through; {@code seq} is that of the item that would follow. */
  record End(long stream, int seq) implements Envelope {}

  record Fail(long stream, Failure failure) implements Envelope {}

  /** From the reader: so many items more. */
  record Credit(long stream, int items) implements Envelope {}

  /** From the reader: everything up to the end was consumed. */
  record Consumed(long stream) implements Envelope {}

  /** From the reader: nothing more is wanted. */
  record Cancel(long stream, Failure reason) implements Envelope {}

  record Tell(CallId call, Object message) implements Envelope {}

  /** Request; answered by the answer itself or {@link Refused}. */
  record Ask(StageAddress from, Object question) implements Envelope {}

  record Answer(Object value) implements Envelope {}

  /** From an opener that got no answer in time: whatever its open led to is not wanted. */
  record Abandon(StageAddress from, long writer) implements Envelope {}

  /**
   * Between nodes: the receiver's ids of the streams that {@code from} still holds, and how far it has come with each.
   * Silence ends them.
   *
   * @param positions empty from a release that does not say
   */
  record Alive(StageAddress from, long[] streams, long[] positions) implements Envelope {}
}
