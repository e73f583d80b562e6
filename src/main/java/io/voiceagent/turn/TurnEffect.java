package io.voiceagent.turn;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.call.TurnTimeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the turn machine wants done. The shell executes; nothing here waits for anything else. */
public sealed interface TurnEffect {
  /** Ask the transcriber for its final now. */
  record FinalizeTranscript() implements TurnEffect {}

  /**
   * Have the model continue this dialogue, spoken as {@code turn}. {@code held}: nothing of it goes to the voice before
   * {@link CommitReply}.
   */
  record Generate(TurnId turn, List<Message> dialogue, boolean held) implements TurnEffect {
    public Generate {
      dialogue = List.copyOf(dialogue);
    }
  }

  /** The held reply answers the turn that was taken: speak it. */
  record CommitReply(TurnId turn) implements TurnEffect {}

  /**
   * Speak a fixed text as {@code turn}. {@code cacheable}: the same words come again in other calls.
   * {@code givesWay}: cut by the first frame of anything else.
   */
  record Say(TurnId turn, String text, boolean cacheable, boolean givesWay) implements TurnEffect {}

  /** Stop the model and the voice upstream for this turn and every earlier one. */
  record Cancel(TurnId turn) implements TurnEffect {}

  /** Silence the carrier at once; nothing of this turn or an earlier one may follow. */
  record Clear(TurnId turn) implements TurnEffect {}

  /** Let no utterance begin to be heard before {@code until} (nanoseconds): the caller may be speaking. 0: any more. */
  record HoldPlayout(long until) implements TurnEffect {}

  record RunTool(TurnId turn, ToolCall call) implements TurnEffect {}

  /** Have {@link TurnEvent.TimerFired} come back at {@code dueAt} (nanoseconds), with {@code turn}. */
  record StartTimer(Timer timer, TurnId turn, long dueAt) implements TurnEffect {}

  record StopTimer(Timer timer) implements TurnEffect {}

  /** End the call at the carrier. Given once. */
  record HangUp(EndReason reason) implements TurnEffect {}

  /** A user's turn is over. {@code timeline} is absent when it was never answered with sound. Once per turn. */
  record TurnEnded(
      TurnId turn, TurnOutcome outcome, @Nullable TurnTimeline timeline, double turnLatencyMs)
      implements TurnEffect {}

  /** The first audio of a user's turn was written: one sample of time to first audio. */
  record FirstAudioHeard(TurnTimeline timeline) implements TurnEffect {}

  /** The caller interrupted; {@code onsetAt} is the arrival of the first frame of that speech. */
  record BargedIn(TurnId turn, long onsetAt) implements TurnEffect {}

  /** What the caller heard of an utterance that was cut, and what not. */
  record CutOff(TurnId turn, String heard, String unheard) implements TurnEffect {}

  /** A reply that was begun before the caller's turn was certain was used, or thrown away. */
  record Speculated(boolean used) implements TurnEffect {}

  /** A fact of a turn that is over, of a transcriber that was left, or after the end: counted once. */
  record LateDropped(CallFact fact) implements TurnEffect {}

  /** A final that was consumed before. */
  record DuplicateDropped(CallFact fact) implements TurnEffect {}
}
