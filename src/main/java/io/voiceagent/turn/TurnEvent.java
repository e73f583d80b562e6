package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.TurnId;

/** What the turn machine is fed: facts of the call, and its own timers coming back. */
public sealed interface TurnEvent {
  /** When, in monotonic nanoseconds. Never before an earlier event's. */
  long at();

  /** The call's stream is open; the agent may greet. */
  record Started(long at) implements TurnEvent {}

  record Happened(CallFact fact) implements TurnEvent {
    @Override
    public long at() {
      return fact.at();
    }
  }

  /** A timer that was asked for with {@link TurnEffect.StartTimer}; may be late or of a turn that is over. */
  record TimerFired(long at, Timer timer, TurnId turn) implements TurnEvent {}

  /** What the transcriber's answer to a finalize takes: 99 of 100 come within {@code p99Nanos}, over many calls. */
  record TranscriberMeasured(long at, long p99Nanos) implements TurnEvent {}
}
