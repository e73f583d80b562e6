package io.voiceagent.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.CallQuestion;
import io.voiceagent.call.CallView;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.Segment;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.call.TextDelta;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.ToolSpec;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What travels between nodes: every record survives, its bytes stay as they are, and strange bytes do no harm. */
class EnvelopeCodecTest {
  private static final CallId CALL = new CallId("CA1");
  private static final StageAddress HERE = new StageAddress("n1", Stage.CONVERSATION, 1);
  private static final StageAddress THERE = new StageAddress("n2", Stage.TTS, 0);
  private static final TurnId TURN = new TurnId(3);
  private static final Failure FAILURE =
      new Failure(Failure.Stage.TTS, Failure.Kind.RATE_LIMIT, "busy", 250);
  private static final CallInfo INFO =
      new CallInfo(CALL, "MZ1", CallInfo.Direction.OUTBOUND, "+15550100", "+15550101");
  private static final Segment SEGMENT =
      new Segment(TURN, 2, "Grüß Gott.", 100, 900, List.of(new Word("Grüß", 100, 400)));
  private static final SpeechRequest SPEECH = new SpeechRequest(TURN, THERE, HERE, HERE, true);
  private static final long AT = 1_000_000;

  /** One of each record that has a number; with their clocks equal, each comes back as it was. */
  private static final List<Object> SAMPLES = List.of(
      new TextDelta("Hel"),
      new SpeechItem.SegmentEnd(SEGMENT),
      new StreamType.Listen(INFO, HERE, 2_000_000),
      new StreamType.Play(TURN),
      SPEECH,
      new CallFact.SpeechStarted(AT, AT - 40),
      new CallFact.SpeechSustained(AT, AT - 120),
      new CallFact.SpeechEnded(AT, AT - 200, 800),
      new CallFact.DigitPressed(AT, '#'),
      new CallFact.PlayoutStarted(AT, TURN),
      new CallFact.Heard(AT, TURN, 700),
      new CallFact.PlayoutEnded(AT, TURN, 900, true),
      new CallFact.PlayoutCleared(AT, TURN, 400),
      new CallFact.CarrierGone(AT, "stop"),
      new CallFact.EndRequested(AT, EndReason.OPERATOR),
      new CallFact.InterimTranscript(AT, "hel", 1_000_000),
      new CallFact.FinalTranscript(AT, 4, "hello"),
      new CallFact.TranscriptFlushed(AT, 90, 1_000_000),
      new CallFact.ProviderTurnStarted(AT, 1_000_000),
      new CallFact.ProviderTurnEagerEnd(AT, "hel", 1_000_000),
      new CallFact.ProviderTurnResumed(AT, 1_000_000),
      new CallFact.ProviderTurnEnded(AT, 5, "hello"),
      new CallFact.TranscriptionFailed(AT, FAILURE),
      new CallFact.FirstToken(AT, TURN, 300),
      new CallFact.ReplyCompleted(AT, TURN, "text", List.of(new ToolCall("1", "f", "{}")), true),
      new CallFact.ReplyFailed(AT, TURN, "te", FAILURE),
      new CallFact.SegmentQueued(AT, TURN, 1, "text", 20),
      new CallFact.FirstAudio(AT, TURN, 100),
      new CallFact.SegmentSpoken(AT, SEGMENT),
      new CallFact.SpeechCompleted(AT, TURN, 1200),
      new CallFact.SpeechFailed(AT, TURN, "rest", FAILURE),
      new CallFact.WordsTimed(AT, TURN, 1, List.of(new Word("hel", 0, 300))),
      new CallFact.StageLost(AT, Failure.Stage.STT, 1_000_000),
      new CallFact.ToolReturned(AT, TURN, new ToolResult("1", "f", "42", false)),
      new CallOrder.OpenCall(INFO, HERE, AT, true, 1_700_000_000_000L),
      new CallOrder.ListenWith(THERE, HERE, AT - 100, 1_000_000),
      new CallOrder.FinalizeTranscript(),
      new CallOrder.GenerateReply(
          SPEECH,
          List.of(
              new Message.System("be kind"),
              new Message.User("hi"),
              new Message.Assistant("yes", List.of(new ToolCall("1", "f", "{}"))),
              new Message.Tool(new ToolResult("1", "f", "42", true))),
          List.of(new ToolSpec("f", "does f", "{}"))),
      new CallOrder.CancelTurn(TURN),
      new CallOrder.ClearPlayout(TURN, 0),
      new CallOrder.HangUp(EndReason.SILENCE),
      new CallOrder.RunTool(TURN, new ToolCall("1", "f", "{}"), HERE),
      new CallOrder.ReleaseCall(),
      new CallOrder.CommitReply(TURN),
      new CallOrder.HoldPlayout(5),
      new CallQuestion.ListCalls(),
      new CallQuestion.FindCall(CALL),
      new CallQuestion.EndCall(CALL, EndReason.OPERATOR),
      new CallQuestion.CallList(List.of(new CallView(
          CALL,
          CallInfo.Direction.INBOUND,
          "****00",
          "n1",
          1234,
          "listening",
          1,
          List.of(new CallView.TurnView(1, "answered", 512.5, Map.of("playout", 3.5)))))));

  private long now = AT + 500;
  private final EnvelopeCodec codec = new EnvelopeCodec(() -> now, "n1", 3_000);

  @Test
  void everyRecordSurvivesTheWayToAnotherNode() {
    for (Object sample : SAMPLES) {
      Envelope.Tell tell = new Envelope.Tell(CALL, sample);

      assertThat(codec.decode(codec.encode(tell))).isEqualTo(tell);
    }
  }

  @Test
  void everyNumberedRecordIsAmongTheSamples() {
    Set<Class<?>> sampled = new HashSet<>(Set.of(AudioFrame.class, SpeechItem.Audio.class));
    SAMPLES.forEach(sample -> sampled.add(sample.getClass()));
    sampled.addAll(Set.of(
        Message.System.class, Message.User.class, Message.Assistant.class, Message.Tool.class));

    assertThat(sampled).isEqualTo(new HashSet<>(WireTypes.all().values()));
  }

  @Test
  void everyFactAndOrderHasANumber() {
    Set<Class<?>> all = new HashSet<>();
    for (Class<?> sealed : List.of(
        CallFact.class, CallOrder.class, CallQuestion.class, Message.class, SpeechItem.class)) {
      collect(sealed, all);
    }

    assertThat(WireTypes.all().values()).containsAll(all);
  }

  @Test
  void everyEnvelopeSurvives() {
    List<Envelope> envelopes = List.of(
        new Envelope.Open(HERE, 7, "reply-text", CALL, SPEECH),
        new Envelope.Accepted(8, 16),
        new Envelope.Refused(FAILURE),
        new Envelope.End(8, 300),
        new Envelope.Fail(8, FAILURE),
        new Envelope.Credit(7, 8),
        new Envelope.Consumed(7),
        new Envelope.Cancel(7, FAILURE),
        new Envelope.Ask(HERE, new CallQuestion.ListCalls()),
        new Envelope.Answer(new CallQuestion.CallList(List.of())),
        new Envelope.Abandon(HERE, 7));
    for (Envelope envelope : envelopes) {
      assertThat(codec.decode(codec.encode(envelope))).isEqualTo(envelope);
    }
    Envelope.Alive alive = (Envelope.Alive) codec.decode(codec.encode(
        new Envelope.Alive(HERE, new long[] {1, 300, 70_000}, new long[] {0, 7, 1_000_000})));
    assertThat(alive.streams()).containsExactly(1, 300, 70_000);
    assertThat(alive.positions()).containsExactly(0, 7, 1_000_000);
  }

  @Test
  void whatWaitedInACutNetworkIsNotHeard() {
    Envelope.Tell order =
        new Envelope.Tell(CALL, new CallOrder.GenerateReply(SPEECH, List.of(), List.of()));
    Envelope.Tell end = new Envelope.Tell(CALL, new CallOrder.CancelTurn(TURN));
    assertThat(codec.decode(codec.encode(order))).isEqualTo(order);
    byte[] late = codec.encode(order);
    byte[] lateEnd = codec.encode(end);
    now += 3_000_000_000L;
    assertThat(codec.decode(late)).as("as late as that").isEqualTo(order);
    now += 1_000_000_000L;

    assertThatThrownBy(() -> codec.decode(late))
        .isInstanceOf(WireFormatException.class)
        .hasMessageContaining("GenerateReply of " + CALL)
        .hasMessageContaining("told 4000 ms ago by n1");
    assertThat(codec.decode(codec.encode(order))).isEqualTo(order);
    assertThat(codec.decode(lateEnd)).as("whatever ends something").isEqualTo(end);
  }

  @Test
  void theHeartbeatOfAnOlderReleaseSaysNotHowFarItIs() {
    Envelope.Alive alive = (Envelope.Alive)
        codec.decode(codec.encode(new Envelope.Alive(HERE, new long[] {1, 300}, new long[0])));

    assertThat(alive.streams()).containsExactly(1, 300);
    assertThat(alive.positions()).isEmpty();
  }

  @Test
  void aFrameOfAudioCostsFifteenBytesBesideItsSound() {
    byte[] sound = new byte[160];
    new Random(1).nextBytes(sound);

    byte[] bytes = codec.encode(new Envelope.Data(300, 40_000, new AudioFrame(sound, AT)));
    Envelope.Data data = (Envelope.Data) codec.decode(bytes);

    assertThat(((AudioFrame) data.item()).bytes()).isEqualTo(sound);
    assertThat(bytes.length - sound.length).isEqualTo(15);
  }

  @Test
  void anInstantCrossesAsItsAge() {
    byte[] bytes =
        codec.encode(new Envelope.Tell(CALL, new CallFact.SpeechEnded(now, now - 200, 800)));

    now = 77_000_000_000L;
    CallFact.SpeechEnded there =
        (CallFact.SpeechEnded) ((Envelope.Tell) codec.decode(bytes)).message();

    assertThat(there.at()).isEqualTo(now);
    assertThat(there.lastVoicedAt()).isEqualTo(now - 200);
  }

  @Test
  void theBytesOfARunningClusterStayAsTheyAre() {
    assertThat(hex(new Envelope.Data(5, 6, new TextDelta("Hi")))).isEqualTo("010405060203024869");
    // Then who told it and when, by a clock in milliseconds.
    assertThat(hex(new Envelope.Tell(CALL, new CallOrder.CancelTurn(TURN))))
        .isEqualTo("010a0343413140020106" + "026e3102");
    assertThat(hex(new Envelope.Credit(5, 8))).isEqualTo("01070508");
  }

  @Test
  void whatALaterReleaseAddsIsSkipped() {
    byte[] bytes = codec.encode(new Envelope.Data(5, 6, new TextDelta("Hi")));
    // A later TextDelta has one more component of one byte: the record grows from 3 bytes to 4.
    byte[] later = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, later, 0, bytes.length);
    later[5] = 4;
    later[later.length - 1] = 1;

    assertThat(codec.decode(later)).isEqualTo(new Envelope.Data(5, 6, new TextDelta("Hi")));
  }

  @Test
  void whatAnEarlierReleaseLacksIsEmpty() {
    byte[] earlier = HexFormat.of().parseHex("01040506" + "02" + "00");

    assertThat(codec.decode(earlier)).isEqualTo(new Envelope.Data(5, 6, new TextDelta("")));
    byte[] withoutItsTime = HexFormat.of().parseHex("010a0343413140020106");
    assertThat(codec.decode(withoutItsTime))
        .isEqualTo(new Envelope.Tell(CALL, new CallOrder.CancelTurn(TURN)));
  }

  @Test
  void strangeBytesAreAWireFormatExceptionAndNothingElse() {
    Random random = new Random(42);
    byte[] good = codec.encode(new Envelope.Open(HERE, 7, "reply-text", CALL, SPEECH));
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = good.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        codec.decode(java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
      } catch (WireFormatException expected) {
        // The only one that is caught where frames come in.
      }
    }
    assertThatThrownBy(() -> codec.decode(new byte[] {9, 1}))
        .isInstanceOf(WireFormatException.class);
  }

  private String hex(Envelope envelope) {
    return HexFormat.of().formatHex(codec.encode(envelope));
  }

  private static void collect(Class<?> type, Set<Class<?>> into) {
    if (type.isRecord()) {
      into.add(type);
    } else {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted, into);
      }
    }
  }
}
