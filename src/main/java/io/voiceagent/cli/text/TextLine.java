package io.voiceagent.cli.text;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.TurnId;
import io.voiceagent.tts.SegmentOptions;
import io.voiceagent.tts.Segmenter;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A telephone line of text: stands in for media, stt and tts. What is typed is a voice that begins, has been transcribed
 * and ends within a moment; what the agent says is printed in the time that it takes to say it.
 */
final class TextLine extends VerticleBase {
  private static final CallId CALL = new CallId("TEXT1");
  private static final int VOICED_MS = 400;
  private static final int COUGH_MS = 200;

  private final Bus bus;
  private final Consumer<String> agentSays;
  private final double pace;
  private final Runnable onEnd;
  private @Nullable Context loop;
  private @Nullable Mailbox media;
  private @Nullable TextMouth mouth;
  private StageAddress conversation = new StageAddress("local", Stage.CONVERSATION, 0);
  private String transcript = "";
  private int finals;
  private boolean ended;

  /** @param onEnd the agent has hung up, or the caller */
  TextLine(Bus bus, Consumer<String> agentSays, double pace, Runnable onEnd) {
    this.bus = bus;
    this.agentSays = agentSays;
    this.pace = pace;
    this.onEnd = onEnd;
  }

  @Override
  public Future<?> start() {
    loop = context;
    Mailbox line = bus.bind(Stage.MEDIA);
    Mailbox stt = bus.bind(Stage.STT);
    Mailbox tts = bus.bind(Stage.TTS);
    media = line;
    conversation = line.self().sibling(Stage.CONVERSATION);
    TextMouth voice = new TextMouth(vertx, line, conversation, CALL, agentSays, pace);
    mouth = voice;
    line.on(CallOrder.ClearPlayout.class, (call, order) -> voice.clear(order.turn()));
    line.on(CallOrder.HoldPlayout.class, (call, order) -> voice.hold(order.until()));
    line.on(CallOrder.HangUp.class, (call, order) -> hangUp("the agent hung up"));
    line.on(CallOrder.ListenWith.class, (call, order) -> {});
    stt.on(CallOrder.FinalizeTranscript.class, (call, order) -> finalized());
    stt.on(CallOrder.ReleaseCall.class, (call, order) -> {});
    tts.on(CallOrder.CancelTurn.class, (call, order) -> voice.cancel(order.turn()));
    tts.on(CallOrder.ReleaseCall.class, (call, order) -> {});
    tts.accept(StreamType.REPLY_TEXT, (call, request, text) -> speak(voice, request, text));
    CallInfo info = new CallInfo(CALL, "TEXT", CallInfo.Direction.INBOUND, "anonymous", "");
    tell(new CallOrder.OpenCall(info, line.self(), now()));
    return Future.succeededFuture();
  }

  // ---- from the keyboard, on any thread

  void say(String text) {
    onLoop(() -> {
      // Lines that are pasted come before the first of them is finalized.
      transcript = (transcript + " " + text).strip();
      tell(new CallFact.SpeechStarted(now(), now()));
      tell(new CallFact.InterimTranscript(now(), text, 0));
      tell(new CallFact.SpeechSustained(now(), now()));
      tell(new CallFact.SpeechEnded(now(), now(), VOICED_MS));
    });
  }

  /** A sound without words. */
  void cough() {
    onLoop(() -> {
      tell(new CallFact.SpeechStarted(now(), now()));
      tell(new CallFact.SpeechSustained(now(), now()));
      tell(new CallFact.SpeechEnded(now(), now(), COUGH_MS));
    });
  }

  void press(String digits) {
    onLoop(() ->
        digits.chars().forEach(digit -> tell(new CallFact.DigitPressed(now(), (char) digit))));
  }

  void hangUp() {
    onLoop(() -> hangUp("the caller hung up"));
  }

  // ---- on the loop

  private void finalized() {
    if (!transcript.isEmpty()) {
      // Finals are joined as they are: whoever transcribes brings the blanks.
      tell(new CallFact.FinalTranscript(now(), ++finals, transcript + " "));
      transcript = "";
    }
    tell(new CallFact.TranscriptFlushed(now(), 0, 0));
  }

  private void speak(TextMouth voice, SpeechRequest request, BusReader<TextDelta> text) {
    Segmenter segmenter = new Segmenter(SegmentOptions.DEFAULTS);
    TurnId turn = request.turn();
    int[] index = new int[1];
    int[] audioMs = new int[1];
    Consumer<List<String>> said = pieces -> pieces.forEach(piece -> {
      if (voice.admits(turn)) {
        tell(new CallFact.SegmentQueued(now(), turn, index[0], piece, 0));
        voice.speak(turn, index[0]++, piece);
        audioMs[0] += voice.ms(piece);
      }
    });
    Runnable through = () -> {
      said.accept(segmenter.finish());
      if (voice.admits(turn)) {
        tell(new CallFact.SpeechCompleted(now(), turn, audioMs[0]));
        voice.end(turn);
      }
    };
    text.exceptionHandler(failure -> through.run());
    text.endHandler(x -> through.run());
    text.handler(delta -> said.accept(segmenter.add(delta.text())));
  }

  private void hangUp(String why) {
    if (!ended) {
      ended = true;
      tell(new CallFact.CarrierGone(now(), why));
      onEnd.run();
    }
  }

  private void onLoop(Runnable action) {
    Objects.requireNonNull(loop).runOnContext(x -> {
      if (!ended) {
        action.run();
      }
    });
  }

  private void tell(Object message) {
    Objects.requireNonNull(media).tell(conversation, CALL, message);
  }

  private static long now() {
    return Clock.SYSTEM.nanos();
  }
}
