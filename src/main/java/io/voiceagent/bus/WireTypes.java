package io.voiceagent.bus;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.CallQuestion;
import io.voiceagent.call.Message;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.TextDelta;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The number of every record that may stand where its type is not known beforehand. Numbers are for ever: two releases
 * meet in one cluster while it is upgraded. A new record takes a new number; a record's new components go to its end.
 */
final class WireTypes {
  private static final Map<Integer, Class<?>> TYPES = new HashMap<>();
  private static final Map<Class<?>, Integer> NUMBERS = new HashMap<>();

  static {
    // Streams: items and what opens them.
    put(1, AudioFrame.class);
    put(2, TextDelta.class);
    put(3, SpeechItem.Audio.class);
    put(4, SpeechItem.SegmentEnd.class);
    put(5, StreamType.Listen.class);
    put(6, StreamType.Play.class);
    put(7, SpeechRequest.class);
    // Facts.
    put(20, CallFact.SpeechStarted.class);
    put(21, CallFact.SpeechSustained.class);
    put(22, CallFact.SpeechEnded.class);
    put(23, CallFact.DigitPressed.class);
    put(24, CallFact.PlayoutStarted.class);
    put(25, CallFact.Heard.class);
    put(26, CallFact.PlayoutEnded.class);
    put(27, CallFact.PlayoutCleared.class);
    put(28, CallFact.CarrierGone.class);
    put(29, CallFact.EndRequested.class);
    put(30, CallFact.InterimTranscript.class);
    put(31, CallFact.FinalTranscript.class);
    put(32, CallFact.TranscriptFlushed.class);
    put(33, CallFact.ProviderTurnStarted.class);
    put(34, CallFact.ProviderTurnEagerEnd.class);
    put(35, CallFact.ProviderTurnResumed.class);
    put(36, CallFact.ProviderTurnEnded.class);
    put(37, CallFact.TranscriptionFailed.class);
    put(38, CallFact.FirstToken.class);
    put(39, CallFact.ReplyCompleted.class);
    put(40, CallFact.ReplyFailed.class);
    put(41, CallFact.SegmentQueued.class);
    put(42, CallFact.FirstAudio.class);
    put(43, CallFact.SegmentSpoken.class);
    put(44, CallFact.SpeechCompleted.class);
    put(45, CallFact.SpeechFailed.class);
    put(46, CallFact.ToolReturned.class);
    put(47, CallFact.StageLost.class);
    put(48, CallFact.WordsTimed.class);
    // Orders.
    put(60, CallOrder.OpenCall.class);
    put(61, CallOrder.ListenWith.class);
    put(62, CallOrder.FinalizeTranscript.class);
    put(63, CallOrder.GenerateReply.class);
    put(64, CallOrder.CancelTurn.class);
    put(65, CallOrder.ClearPlayout.class);
    put(66, CallOrder.HangUp.class);
    put(67, CallOrder.RunTool.class);
    put(68, CallOrder.ReleaseCall.class);
    put(69, CallOrder.CommitReply.class);
    put(70, CallOrder.HoldPlayout.class);
    // Questions and their answer.
    put(80, CallQuestion.ListCalls.class);
    put(81, CallQuestion.FindCall.class);
    put(82, CallQuestion.EndCall.class);
    put(83, CallQuestion.CallList.class);
    // Parts of others.
    put(100, Message.System.class);
    put(101, Message.User.class);
    put(102, Message.Assistant.class);
    put(103, Message.Tool.class);
  }

  private WireTypes() {}

  static int numberOf(Class<?> type) {
    Integer number = NUMBERS.get(type);
    if (number == null) {
      throw new IllegalArgumentException(type.getName() + " has no number in WireTypes");
    }
    return number;
  }

  /** Null when a newer release sent it. */
  static @Nullable Class<?> typeOf(int number) {
    return TYPES.get(number);
  }

  static Map<Integer, Class<?>> all() {
    return Map.copyOf(TYPES);
  }

  private static void put(int number, Class<?> type) {
    if (TYPES.put(number, type) != null || NUMBERS.put(type, number) != null) {
      throw new IllegalStateException(number + " or " + type + " is taken");
    }
  }
}
