package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Message;
import io.voiceagent.call.TurnId;
import java.util.List;

/** What the turn machine is fed: facts of the call, and its own timers coming back. */
public sealed interface TurnEvent {
  /** When, in monotonic nanoseconds. Never before an earlier event's. */
  long at();

  /** The call's stream is open; the agent may greet. */
  record Started(long at) implements TurnEvent {}

  /**
   * Instead of {@link Started}: another node had this call before.
   *
   * @param history the dialogue, oldest first
   * @param unheard what the agent was about to say and the caller had not heard
   * @param more the model had not written all of its answer; {@code unheard} is empty then
   * @param lastTurn the agent's last utterance there; ours go on from it
   */
  record Resumed(long at, List<Message> history, String unheard, boolean more, int lastTurn)
      implements TurnEvent {
    public Resumed {
      history = List.copyOf(history);
    }
  }

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
