package io.voiceagent.call;

import java.util.List;

/** What a stage is told to do for a call. Orders travel with their {@link CallId} and are never answered: facts are. */
public sealed interface CallOrder {

  /**
   * media → conversation: a call's stream is open and admitted; run it.
   *
   * @param resumed the carrier has come back with a call whose stream broke: it may have a history
   * @param brokeMs when it broke, milliseconds since the epoch; 0: not known
   */
  record OpenCall(CallInfo info, StageAddress media, long at, boolean resumed, long brokeMs)
      implements CallOrder {
    public OpenCall(CallInfo info, StageAddress media, long at) {
      this(info, media, at, false, 0);
    }
  }

  /**
   * conversation → media: stream the caller's audio to this stt instance (again, after a failure).
   *
   * @param replayAt begin with what was said from this instant on, as far as it is kept; 0: with the next frame
   * @param finalsBefore finals are numbered from here on, so that those of an instance that was left are known as such
   */
  record ListenWith(StageAddress stt, StageAddress conversation, long replayAt, int finalsBefore)
      implements CallOrder {
    public ListenWith(StageAddress stt, StageAddress conversation) {
      this(stt, conversation, 0, 0);
    }
  }

  /** conversation → stt, or → media → stt: transcribe what you have and say when you are through. */
  record FinalizeTranscript() implements CallOrder {}

  /**
   * conversation → llm: continue this dialogue and stream the text to {@code speech.tts()}.
   *
   * @param messages the whole dialogue, oldest first
   * @param held keep the text until {@link CommitReply}: it is not certain yet that it is wanted
   */
  record GenerateReply(
      SpeechRequest speech, List<Message> messages, List<ToolSpec> tools, boolean held)
      implements CallOrder {
    public GenerateReply {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }

    public GenerateReply(SpeechRequest speech, List<Message> messages, List<ToolSpec> tools) {
      this(speech, messages, tools, false);
    }
  }

  /** conversation → llm: the held reply of this turn is wanted; give it to the voice. */
  record CommitReply(TurnId turn) implements CallOrder {}

  /** conversation → llm, tts: stop working for this turn and every earlier one, at the provider too. */
  record CancelTurn(TurnId turn) implements CallOrder {}

  /**
   * conversation → media: write {@code clear} now; of this turn and every earlier one nothing may follow.
   *
   * @param onsetAt when the speech that interrupts began, {@link Clock} nanoseconds; 0 when no caller interrupted
   */
  record ClearPlayout(TurnId turn, long onsetAt) implements CallOrder {}

  /**
   * conversation → media: let no turn begin to be heard before {@code until} ({@link Clock} nanoseconds); what is being
   * heard goes on. 0 lifts it.
   */
  record HoldPlayout(long until) implements CallOrder {}

  /** conversation → media: end the call at the carrier. */
  record HangUp(EndReason reason) implements CallOrder {}

  /** conversation → tool. */
  record RunTool(TurnId turn, ToolCall call, StageAddress conversation) implements CallOrder {}

  /** conversation → every stage: the call is over; free all that belongs to it. */
  record ReleaseCall() implements CallOrder {}
}
