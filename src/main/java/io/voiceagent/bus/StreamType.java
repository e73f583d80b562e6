package io.voiceagent.bus;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;

/**
 * Who streams what to whom: all of it, in one place.
 *
 * @param <T> the items
 * @param <M> what is said when the stream is opened
 * @param window items the reader grants at first and keeps granted: the most that can be under way
 */
public record StreamType<T, M>(String name, Class<T> item, Class<M> open, int window) {

  /**
   * What media tells stt when it opens the caller's audio.
   *
   * @param finalsBefore the first final gets the next number; see {@link CallOrder.ListenWith}
   */
  public record Listen(CallInfo info, StageAddress conversation, int finalsBefore) {
    public Listen(CallInfo info, StageAddress conversation) {
      this(info, conversation, 0);
    }
  }

  /** What tts tells media when it opens the agent's audio. {@code givesWay}: any later turn's first sound cuts it. */
  public record Play(TurnId turn, boolean givesWay) {
    public Play(TurnId turn) {
      this(turn, false);
    }
  }

  /** media → stt: 20 ms frames; one second may be under way. */
  public static final StreamType<AudioFrame, Listen> CALLER_AUDIO =
      new StreamType<>("caller-audio", AudioFrame.class, Listen.class, 50);

  /** llm (or the conversation, for fixed texts) → tts. */
  public static final StreamType<TextDelta, SpeechRequest> REPLY_TEXT =
      new StreamType<>("reply-text", TextDelta.class, SpeechRequest.class, 16);

  /** tts → media. */
  public static final StreamType<SpeechItem, Play> AGENT_AUDIO =
      new StreamType<>("agent-audio", SpeechItem.class, Play.class, 32);
}
