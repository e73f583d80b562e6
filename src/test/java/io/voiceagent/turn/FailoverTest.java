package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.app.SettingsLoader;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a call does when a node that served it is gone. */
class FailoverTest {
  private static final long MS = 1_000_000;
  private static final Failure LOST =
      new Failure(Failure.Stage.BUS, Failure.Kind.PEER_LOST, "a node is gone");

  private final TurnMachine machine = new TurnMachine(
      TurnOptions.from(new SettingsLoader(Map.of()).load(List.of(), List.of("agent.greeting="))));
  private final List<TurnEffect> effects = new ArrayList<>();
  private long now = 1000 * MS;

  @Test
  void aVoiceThatIsLostIsFollowedByTheRestOfTheWords() {
    TurnId reply = asked("what is it");
    written(reply, "It is a lamp. It is green.");
    spoken(reply, 0, "It is a lamp.", 0, 1000);
    tell(new CallFact.PlayoutStarted(now, reply));

    tell(new CallFact.StageLost(now, Failure.Stage.TTS));
    effects.clear();
    tell(new CallFact.PlayoutEnded(now, reply, 1000, false));

    assertThat(said()).containsExactly("It is green.");
    assertThat(machine.history()).endsWith(new Message.Assistant("It is a lamp.", List.of()));
  }

  @Test
  void aVoiceThatIsLostBeforeItsFirstSoundIsAskedForAnew() {
    TurnId reply = asked("what is it");
    effects.clear();

    tell(new CallFact.StageLost(now, Failure.Stage.TTS));

    assertThat(effects).contains(new TurnEffect.Cancel(reply));
    assertThat(generated()).endsWith(new Message.User("what is it"));
  }

  @Test
  void aModelThatIsLostIsAskedForTheRestOnceItsWordsWereHeard() {
    TurnId reply = asked("what is it");
    tell(new CallFact.SegmentQueued(now, reply, 0, "It is a lamp.", 0));
    tell(new CallFact.PlayoutStarted(now, reply));

    tell(new CallFact.StageLost(now, Failure.Stage.LLM));
    assertThat(effects).noneMatch(TurnEffect.Say.class::isInstance);
    spoken(reply, 0, "It is a lamp.", 0, 1000);
    effects.clear();
    tell(new CallFact.PlayoutEnded(now, reply, 1000, false));

    List<Message> dialogue = generated();
    assertThat(dialogue.get(dialogue.size() - 2))
        .isEqualTo(new Message.Assistant("It is a lamp.", List.of()));
    assertThat(dialogue.get(dialogue.size() - 1)).isInstanceOf(Message.System.class);
  }

  @Test
  void aStreamThatBreaksBetweenNodesIsNoReasonToApologise() {
    TurnId reply = asked("what is it");
    effects.clear();

    tell(new CallFact.SpeechFailed(now, reply, "", LOST));

    assertThat(said()).isEmpty();
    assertThat(generated()).endsWith(new Message.User("what is it"));
  }

  @Test
  void anAnswerThatIsCutAgainAndAgainHasFailed() {
    asked("what is it");
    for (int i = 0; i < 3; i++) {
      tell(new CallFact.SpeechFailed(now, new TurnId(machine.standing(now).lastTurn()), "", LOST));
      assertThat(said()).isEmpty();
    }

    tell(new CallFact.SpeechFailed(now, new TurnId(machine.standing(now).lastTurn()), "", LOST));

    assertThat(said()).hasSize(1).first().asString().startsWith("Sorry, something went wrong");
  }

  @Test
  void aNewTranscriberGetsWhatWasNotTranscribed() {
    say("hello", 1);
    assertThat(machine.untranscribedSince()).isZero();
    tell(new CallFact.SpeechStarted(now, now - 100 * MS));
    long onset = now - 100 * MS;
    assertThat(machine.untranscribedSince()).isLessThan(onset);
    tell(new CallFact.SpeechEnded(now, now - 200 * MS, 500));
    effects.clear();

    tell(new CallFact.StageLost(now, Failure.Stage.STT, 1_000_000));
    assertThat(effects).contains(new TurnEffect.FinalizeTranscript());
    tell(new CallFact.FinalTranscript(now, 1_000_001, "again"));
    tell(new CallFact.FinalTranscript(now, 2, "of the one that is lost"));
    tell(new CallFact.TranscriptFlushed(now, 0, 1_000_000));

    assertThat(generated()).endsWith(new Message.User("hello again"));
  }

  @Test
  void whatALostTranscriberTellsWhenItWakesIsNotHeardTwice() {
    tell(new CallFact.SpeechStarted(now, now - 500 * MS));
    tell(new CallFact.SpeechEnded(now, now - 200 * MS, 300));
    tell(new CallFact.StageLost(now, Failure.Stage.STT, 1_000_000));
    effects.clear();

    CallFact guess = new CallFact.InterimTranscript(now, "book a", 0);
    CallFact words = new CallFact.FinalTranscript(now, 1, "book a table");
    CallFact end = new CallFact.TranscriptFlushed(now, 0, 0);
    List.of(guess, words, end).forEach(this::tell);
    assertThat(effects)
        .containsExactly(
            new TurnEffect.LateDropped(guess),
            new TurnEffect.DuplicateDropped(words),
            new TurnEffect.LateDropped(end));
    assertThat(machine.pending()).isEmpty();

    tell(new CallFact.FinalTranscript(now, 1_000_001, "book a table"));
    tell(new CallFact.TranscriptFlushed(now, 0, 1_000_000));
    assertThat(generated()).endsWith(new Message.User("book a table"));
  }

  @Test
  void turnsOfALostTranscriberAreNotBelieved() {
    tell(new CallFact.StageLost(now, Failure.Stage.STT, 1_000_000));
    effects.clear();

    List<CallFact> late = List.of(
        new CallFact.ProviderTurnStarted(now, 0),
        new CallFact.ProviderTurnEagerEnd(now, "book a table", 0),
        new CallFact.ProviderTurnResumed(now, 0));
    late.forEach(this::tell);

    assertThat(effects)
        .containsExactlyElementsOf(
            late.stream().map(TurnEffect.LateDropped::new).toList());
    assertThat(machine.state()).isEqualTo("listening");
    assertThat(machine.pending()).isEmpty();
    tell(new CallFact.ProviderTurnStarted(now, 1_000_000));
    assertThat(machine.state()).isEqualTo("hearing");
  }

  @Test
  void anotherNodeSaysWhatWasNotHeard() {
    TurnId reply = asked("what is it");
    written(reply, "It is a lamp. It is green.");
    spoken(reply, 0, "It is a lamp.", 0, 1000);
    tell(new CallFact.PlayoutStarted(now, reply));
    tell(new CallFact.Heard(now, reply, 1000));

    resume();

    assertThat(said()).containsExactly("Sorry, the line broke for a moment. It is green.");
    assertThat(machine.standing(now).history()).startsWith(new Message.User("what is it"));
  }

  @Test
  void whatIsPlayedBetweenTwoMarksCountsAsHeard() {
    TurnId reply = asked("what is it");
    written(reply, "It is a lamp.");
    tell(new CallFact.SegmentQueued(now, reply, 0, "It is a lamp.", 0));
    tell(new CallFact.PlayoutStarted(now, reply));
    List<Word> words = List.of(
        new Word("It", 0, 200),
        new Word("is", 200, 400),
        new Word("a", 400, 500),
        new Word("lamp.", 500, 900));
    tell(new CallFact.WordsTimed(now, reply, 0, words));
    long started = now - 20 * MS;

    TurnMachine.Standing standing = machine.standing(started + 450 * MS);

    assertThat(standing.history()).endsWith(new Message.Assistant("It is", List.of()));
    assertThat(standing.unheard()).isEqualTo("a lamp.");
    assertThat(standing.begun()).isTrue();
    assertThat(standing.ahead()).containsExactly(new Word("a", 0, 50), new Word("lamp.", 50, 450));
  }

  @Test
  void wordsOfWhichThereIsNoSoundYetAreNotHeardHoweverLateTheVoiceIs() {
    TurnId reply = asked("what is it");
    written(reply, "It is a lamp. It is green.");
    tell(new CallFact.SegmentQueued(now, reply, 0, "It is a lamp.", 0));
    tell(new CallFact.SegmentQueued(now, reply, 1, "It is green.", 0));
    tell(new CallFact.PlayoutStarted(now, reply));
    assertThat(machine.standing(now + 5000 * MS).unheard()).isEqualTo("It is a lamp. It is green.");
    spoken(reply, 0, "It is a lamp.", 0, 1000);

    TurnMachine.Standing standing = machine.standing(now + 5000 * MS);

    assertThat(standing.history()).endsWith(new Message.Assistant("It is a lamp.", List.of()));
    assertThat(standing.unheard()).isEqualTo("It is green.");
  }

  @Test
  void whatWaitsBehindAnotherUtteranceIsNotHeardYet() {
    TurnId reply = asked("what is it");
    tell(new CallFact.SegmentQueued(now, reply, 0, "It is a lamp.", 0));
    spoken(reply, 0, "It is a lamp.", 0, 1000);

    assertThat(machine.standing(now + 5000 * MS).ahead()).isEmpty();
    assertThat(machine.standing(now + 5000 * MS).history())
        .noneMatch(Message.Assistant.class::isInstance);
  }

  @Test
  void anotherNodeAnswersWhatNobodyAnswered() {
    asked("what is it");

    resume();
    assertThat(said()).containsExactly("Sorry, the line broke for a moment.");
    bridged();

    assertThat(generated()).endsWith(new Message.User("what is it"));
  }

  @Test
  void anotherNodeLetsTheModelGoOnThatHadNotFinished() {
    TurnId reply = asked("what is it");
    tell(new CallFact.SegmentQueued(now, reply, 0, "It is a lamp.", 0));
    spoken(reply, 0, "It is a lamp.", 0, 1000);
    tell(new CallFact.PlayoutStarted(now, reply));
    tell(new CallFact.Heard(now, reply, 1000));

    resume();
    bridged();

    List<Message> dialogue = generated();
    assertThat(dialogue.get(dialogue.size() - 2))
        .isEqualTo(new Message.Assistant("It is a lamp.", List.of()));
  }

  /** The kernel of this call goes to a machine that knows nothing. */
  private TurnMachine next =
      new TurnMachine(TurnOptions.from(new SettingsLoader(Map.of()).load(List.of(), List.of())));

  private void resume() {
    TurnMachine.Standing standing = machine.standing(now);
    effects.clear();
    effects.addAll(next.on(new TurnEvent.Resumed(
        now, standing.history(), standing.unheard(), standing.more(), standing.lastTurn())));
  }

  private void bridged() {
    TurnId bridge = new TurnId(next.standing(now).lastTurn());
    effects.clear();
    effects.addAll(next.on(new TurnEvent.Happened(new CallFact.PlayoutStarted(now, bridge))));
    effects.addAll(
        next.on(new TurnEvent.Happened(new CallFact.PlayoutEnded(now, bridge, 2000, false))));
  }

  private TurnId asked(String words) {
    effects.addAll(machine.on(new TurnEvent.Started(now)));
    say(words, 1);
    return new TurnId(machine.standing(now).lastTurn());
  }

  private void say(String words, int seq) {
    tell(new CallFact.SpeechStarted(now, now - 500 * MS));
    tell(new CallFact.SpeechEnded(now, now - 200 * MS, 300));
    tell(new CallFact.FinalTranscript(now, seq, words));
    tell(new CallFact.TranscriptFlushed(now, 0, 0));
  }

  private void written(TurnId reply, String text) {
    tell(new CallFact.ReplyCompleted(now, reply, text, List.of(), false));
  }

  private void spoken(TurnId reply, int index, String text, int startMs, int endMs) {
    tell(new CallFact.SegmentSpoken(
        now, new Segment(reply, index, text, startMs, endMs, List.of())));
  }

  private void tell(CallFact fact) {
    now += 10 * MS;
    effects.addAll(machine.on(new TurnEvent.Happened(fact)));
  }

  private List<String> said() {
    return effects.stream()
        .filter(TurnEffect.Say.class::isInstance)
        .map(effect -> ((TurnEffect.Say) effect).text())
        .toList();
  }

  private List<Message> generated() {
    return effects.stream()
        .filter(TurnEffect.Generate.class::isInstance)
        .map(effect -> ((TurnEffect.Generate) effect).dialogue())
        .reduce((first, last) -> last)
        .orElseThrow();
  }
}
