package io.voiceagent.call;

import java.util.List;

/**
 * Something that happened to a call, told to its conversation. {@code at} is when, in {@link Clock} nanoseconds.
 *
 * <p>Facts that belong to an agent's utterance carry its {@link TurnId}; the conversation drops and counts those of a
 * turn that is over.
 */
public sealed interface CallFact {
  long at();

  /** A fact of one generation. */
  sealed interface OfTurn extends CallFact {
    TurnId turn();
  }

  /** What one of several transcribers in a row says: nothing is heard any more of one that was left. */
  sealed interface OfTranscriber extends CallFact {
    /** Whose it is: where the numbers of its finals begin, see {@link CallOrder.ListenWith}. */
    int finalsBefore();
  }

  // ---- from media: the caller's voice
  // -------------------------------------------------------------------------

  /** Voice was detected (attack passed). {@code onsetAt}: arrival of the first voiced frame. */
  record SpeechStarted(long at, long onsetAt) implements CallFact {}

  /** The running speech reached the minimum that counts as an interruption. Sent once per speech. */
  record SpeechSustained(long at, long onsetAt) implements CallFact {}

  /** Silence for the release time. {@code lastVoicedAt}: arrival of the last voiced frame; {@code voicedMs}: sum. */
  record SpeechEnded(long at, long lastVoicedAt, int voicedMs) implements CallFact {}

  record DigitPressed(long at, char digit) implements CallFact {}

  // ---- from media: the agent's voice
  // --------------------------------------------------------------------------

  /** First audio frame of the turn written to the carrier's socket. */
  record PlayoutStarted(long at, TurnId turn) implements OfTurn {}

  /** The carrier acknowledged that all audio of the turn up to {@code heardMs} was played. */
  record Heard(long at, TurnId turn, int heardMs) implements OfTurn {}

  /** All of the turn was played: by the carrier's mark, or by our estimate when marks fail. */
  record PlayoutEnded(long at, TurnId turn, int heardMs, boolean estimated) implements OfTurn {}

  /** {@code clear} was written; of this turn {@code heardMs} had been heard. Nothing of it follows. */
  record PlayoutCleared(long at, TurnId turn, int heardMs) implements OfTurn {}

  // ---- from media: the carrier
  // --------------------------------------------------------------------------------

  /** The carrier's side is gone. Last fact of a call. */
  record CarrierGone(long at, String reason) implements CallFact {}

  /** An operator, a limit or a drain wants the call to end. */
  record EndRequested(long at, EndReason reason) implements CallFact {}

  // ---- from stt
  // -----------------------------------------------------------------------------------------------

  /** Text so far since the last final; replaces the previous interim. */
  record InterimTranscript(long at, String text, int finalsBefore) implements OfTranscriber {}

  /**
   * More text that will not change. {@code seq} counts a transcriber's finals from {@code finalsBefore + 1} on, so that a
   * repeat is recognised, and what comes from one that was left.
   */
  record FinalTranscript(long at, int seq, String text) implements CallFact {}

  /**
   * The answer to a finalize: everything sent before it has been transcribed.
   *
   * @param providerNanos its wait
   */
  record TranscriptFlushed(long at, long providerNanos, int finalsBefore)
      implements OfTranscriber {}

  /** The provider's own endpointing ({@code turns}): the caller began. */
  record ProviderTurnStarted(long at, int finalsBefore) implements OfTranscriber {}

  /** Probably finished; {@code text} is all of the turn so far. */
  record ProviderTurnEagerEnd(long at, String text, int finalsBefore) implements OfTranscriber {}

  /** The eager end was wrong. */
  record ProviderTurnResumed(long at, int finalsBefore) implements OfTranscriber {}

  /** Finished; {@code text} is all of the turn and may be empty. */
  record ProviderTurnEnded(long at, int seq, String text) implements CallFact {}

  /**
   * The transcription is down for good (its retries are spent).
   *
   * @param address of the instance that was lost; empty when an instance speaks for itself
   */
  record TranscriptionFailed(long at, Failure failure, String address) implements CallFact {
    public TranscriptionFailed(long at, Failure failure) {
      this(at, failure, "");
    }
  }

  // ---- from llm
  // -----------------------------------------------------------------------------------------------

  /** First text of the answer. {@code providerNanos}: request written to first text received. */
  record FirstToken(long at, TurnId turn, long providerNanos) implements OfTurn {}

  /** The model is done. {@code text} is all it wrote; tool calls are to be run and answered. */
  record ReplyCompleted(
      long at, TurnId turn, String text, List<ToolCall> toolCalls, boolean truncated)
      implements OfTurn {
    public ReplyCompleted {
      toolCalls = List.copyOf(toolCalls);
    }
  }

  /** No more will come. {@code text}: what had been written before. */
  record ReplyFailed(long at, TurnId turn, String text, Failure failure) implements OfTurn {}

  // ---- from tts
  // -----------------------------------------------------------------------------------------------

  /** A segment was handed to the voice. {@code waitNanos}: first token received to this, when index is 0. */
  record SegmentQueued(long at, TurnId turn, int index, String text, long waitNanos)
      implements OfTurn {}

  /** First audio of the turn arrived. {@code providerNanos}: its text sent to this. */
  record FirstAudio(long at, TurnId turn, long providerNanos) implements OfTurn {}

  /** All audio of a segment was made; says where its words lie in the turn's. */
  record SegmentSpoken(long at, Segment segment) implements OfTurn {
    @Override
    public TurnId turn() {
      return segment.turn();
    }
  }

  /**
   * Where some further words of a segment lie in the turn's audio; told before the segment is complete, so that what was
   * heard of it is known even when its voice is lost.
   */
  record WordsTimed(long at, TurnId turn, int index, List<Word> words) implements OfTurn {
    public WordsTimed {
      words = List.copyOf(words);
    }
  }

  /** No more audio will come for the turn; all of it was handed on. */
  record SpeechCompleted(long at, TurnId turn, int audioMs) implements OfTurn {}

  /**
   * The voice is down for this turn (its retries and fallbacks are spent).
   *
   * @param unspoken text without audio
   * @param address of the instance that was lost; empty when an instance speaks for itself
   */
  record SpeechFailed(long at, TurnId turn, String unspoken, Failure failure, String address)
      implements OfTurn {
    public SpeechFailed(long at, TurnId turn, String unspoken, Failure failure) {
      this(at, turn, unspoken, failure, "");
    }
  }

  // ---- from the cluster
  // -------------------------------------------------------------------------------------------

  /**
   * The node that served this stage of the call is gone; another one serves it from now on.
   *
   * @param finalsBefore where the numbers of the new transcriber's finals begin; 0 for another stage
   */
  record StageLost(long at, Failure.Stage stage, int finalsBefore) implements CallFact {
    public StageLost(long at, Failure.Stage stage) {
      this(at, stage, 0);
    }
  }

  // ---- from tools
  // ---------------------------------------------------------------------------------------------

  record ToolReturned(long at, TurnId turn, ToolResult result) implements OfTurn {}
}
