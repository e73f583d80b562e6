package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.Message;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.config.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the caller's turn is taken, and what is answered. */
class TurnMachineListeningTest {
  private static CallScript call(String... settings) {
    CallScript call = CallScript.with(settings).starts().after(500);
    call.effects();
    return call;
  }

  private static long replies(CallScript call) {
    return call.entries().stream()
        .flatMap(entry -> entry.effects().stream())
        .filter(effect -> effect instanceof TurnEffect.Generate generate && !generate.held())
        .count();
  }

  // ---- R16, R29, R30: every word in one turn, one reply, no wait without need

  @Test
  void r16_oneTurnOneReplyWhateverIsRepeated() {
    CallScript call = call()
        .says("when do you open")
        .sameFinalAgain("when do you open")
        .finalText("When do you open?")
        .flushed();

    assertThat(replies(call)).isEqualTo(1);
    assertThat(call.effects(TurnEffect.DuplicateDropped.class)).hasSize(2);
  }

  @Test
  void aSecondDifferentFinalIsMoreSpeechAndNoDuplicate() {
    CallScript call = call().says("when do you open").finalText("on Sunday").flushed();

    assertThat(call.effects(TurnEffect.DuplicateDropped.class)).isEmpty();
    assertThat(call.transcript()).containsExactly("caller: when do you open on Sunday");
  }

  @Test
  void r29_aOneWordAnswerLaterThanItsVoiceIsATurn() {
    CallScript call =
        call().after(40).voiceBegins().after(200).voiceEnds().after(80).flushed();
    assertThat(call.effects(TurnEffect.TurnEnded.class))
        .extracting(TurnEffect.TurnEnded::outcome)
        .containsExactly(TurnOutcome.NO_SPEECH);

    call.after(1500).finalText("tak");

    assertThat(call.transcript()).containsExactly("caller: tak");
    assertThat(replies(call)).isEqualTo(1);
  }

  @Test
  void r29_aFinalThreeSecondsLateJoinsTheTurnThatIsNotAnsweredYet() {
    CallScript call = call().says("to Rome").after(2900).finalText("on Friday");

    assertThat(call.transcript()).containsExactly("caller: to Rome on Friday");
  }

  @Test
  void r29_aFinalDuringTheAnswerIsATurnOfItsOwn() {
    CallScript call = call("turn.bargeIn.minWords=5")
        .says("to Rome")
        .after(300)
        .writes("All right then.")
        .isHeard()
        .after(200)
        .finalText("on Friday")
        .after(700)
        .heardToTheEnd();

    assertThat(call.transcript())
        .containsExactly("caller: to Rome", "agent: All right then.", "caller: on Friday");
    assertThat(replies(call)).isEqualTo(2);
  }

  @Test
  void r30_theTurnIsTakenInTheStepInWhichTheTranscriberIsThrough() {
    CallScript call = call().speaks("when do you open").after(150).finalText("when do you open");
    call.effects();

    assertThat(call.flushed().effects(TurnEffect.Generate.class)).hasSize(1);
  }

  @Test
  void r30_aFinalWithoutTheTranscribersWordThatItIsThroughWaitsForTheGraceOnly() {
    CallScript call = call().speaks("when do you open").after(150).finalText("when do you open");
    assertThat(call.left(Timer.FINAL_TRANSCRIPT)).isEqualTo(100);

    assertThat(call.after(100).state()).isEqualTo("thinking");
  }

  @Test
  void r30_withoutAnyFinalTheWaitIsTheTranscribersP99AndAMargin() {
    CallScript cold = call().speaks("when do you open on");
    assertThat(cold.left(Timer.FINAL_TRANSCRIPT)).isEqualTo(1500);

    CallScript warm = call().transcriberTakes(250).speaks("when do you open on");
    assertThat(warm.left(Timer.FINAL_TRANSCRIPT)).isEqualTo(350);
    assertThat(warm.after(350).transcript()).containsExactly("caller: when do you open on");
  }

  @Test
  void r30_aSlowTranscriberNeverMakesTheWaitLongerThanConfigured() {
    assertThat(call().transcriberTakes(9000).speaks("when").left(Timer.FINAL_TRANSCRIPT))
        .isEqualTo(1500);
  }

  @Test
  void wordsThatSoundFinishedAreWaitedForHalfAsLong() {
    for (String said : List.of("a table please", "Is it open?", "thank you")) {
      assertThat(call().transcriberTakes(300).speaks(said).left(Timer.FINAL_TRANSCRIPT))
          .as(said)
          .isEqualTo(200);
    }
  }

  @Test
  void wordsThatSoundUnfinishedGetAWaitOfTheirOwn() {
    for (String said : List.of(
        "a table and",
        "um",
        "Well,",
        "so...",
        "my number is 0 4 1",
        "my card is 1234 5678",
        "nine one one")) {
      CallScript call = call().says(said);
      assertThat(call.left(Timer.ENDPOINT)).as(said).isEqualTo(500);
      assertThat(call.after(500).state()).isEqualTo("thinking");
    }
    for (String said :
        List.of("a table and.", "at seven", "room 12", "five five five.", "understand")) {
      assertThat(call().says(said).state()).as(said).isEqualTo("thinking");
    }
  }

  @Test
  void digitsThatAreAWholeNumberAreNotWaitedFor() {
    for (String said : List.of(
        "twenty twenty five",
        "born in 1984",
        "nine oh two one oh",
        "it is 555-1234",
        "five five five one two three four five six seven",
        "1234 5678 1234 5678",
        "12345678123456789")) {
      assertThat(call().says(said).state()).as(said).isEqualTo("thinking");
    }
    assertThat(call("turn.endpoint.wholeNumbers=3").says("room two oh four").state())
        .isEqualTo("thinking");
    assertThat(call("turn.endpoint.wholeNumbers=3").says("one two").state()).isEqualTo("thinking");
    assertThat(
            call("turn.endpoint.digitWords=Eins,zw-ei").says("eins zwei eins").left(Timer.ENDPOINT))
        .isEqualTo(500);
  }

  @Test
  void aNumberOfDigitsThatIsNoneIsAFaultOfTheConfiguration() {
    Settings settings = Settings.of(Map.of("turn.endpoint.wholeNumbers", "4,many"));
    TurnOptions.from(settings);

    assertThatThrownBy(settings::check).hasMessageContaining("turn.endpoint.wholeNumbers");
  }

  @Test
  void whoeverGoesOnWithinThatWaitHasSaidOneTurn() {
    CallScript call = call().says("a table and").after(300).says("two chairs");

    assertThat(call.transcript()).containsExactly("caller: a table and two chairs");
    assertThat(replies(call)).isEqualTo(1);
  }

  @Test
  void aVoiceThatNeverEndsIsTakenAtTheLimit() {
    CallScript call = call().after(40).voiceBegins().interim("blah blah").after(60_000);
    assertThat(call.effects()).contains(new TurnEffect.FinalizeTranscript());

    assertThat(call.after(1500).transcript()).containsExactly("caller: blah blah");
  }

  @Test
  void theProviderDecidesWhereItEndsTurns() {
    CallScript call = call("stt.cartesia.endpoint=turns").speaks("a table and");
    assertThat(call.effects()).doesNotContain(new TurnEffect.FinalizeTranscript());
    assertThat(call.left(Timer.FINAL_TRANSCRIPT)).isEqualTo(5000);

    call.after(900).providerTurnEnds("a table and");

    assertThat(call.state()).isEqualTo("thinking");
    assertThat(call.providerTurnEnds("").effects(TurnEffect.DuplicateDropped.class))
        .isEmpty();
  }

  // ---- a turn that was taken before its final came

  private static CallScript guessed(String interim) {
    CallScript call = call().transcriberTakes(300).speaks(interim).after(400);
    call.effects();
    return call;
  }

  @Test
  void r16_theFinalOfATurnTakenWithoutItIsNoSecondTurn() {
    CallScript call =
        guessed("when do you open").after(100).finalText("When do you open?").flushed();

    assertThat(call.effects(TurnEffect.DuplicateDropped.class)).hasSize(1);
    assertThat(replies(call)).isEqualTo(1);
  }

  @Test
  void r16_norInPieces() {
    CallScript call =
        guessed("when do you open").finalText("When do").finalText("you open?").flushed();

    assertThat(call.effects(TurnEffect.DuplicateDropped.class)).hasSize(2);
    assertThat(call.transcript()).containsExactly("caller: when do you open");
  }

  @Test
  void r29_whatTheLateFinalHoldsBeyondIsPartOfTheTurn() {
    CallScript call = guessed("when do you").finalText("when do you open").flushed();

    assertThat(call.transcript()).containsExactly("caller: when do you open");
  }

  @Test
  void aLateFinalThatCorrectsIsWhatTheModelAnswers() {
    CallScript call =
        guessed("when do you hope in").finalText("when do you open").flushed();

    assertThat(call.effects(TurnEffect.Generate.class))
        .hasSize(1)
        .allMatch(generate -> generate.dialogue().contains(new Message.User("when do you open")));
    assertThat(call.transcript()).containsExactly("caller: when do you open");
  }

  @Test
  void aCorrectionAfterTheAnswerBeganIsKeptInTheHistoryOnly() {
    CallScript call =
        guessed("when do you hope in").writes("From nine to five.").isHeard();
    call.effects();
    call.after(100).finalText("when do you open");

    assertThat(call.effects())
        .noneMatch(TurnEffect.Generate.class::isInstance)
        .noneMatch(TurnEffect.Clear.class::isInstance);
    assertThat(call.transcript()).startsWith("caller: when do you open");
  }

  @Test
  void otherWordsAreAnsweredEvenWhenTheyComeLate() {
    CallScript call = guessed("yes")
        .after(200)
        .isAnsweredWith("Good.")
        .after(100)
        .finalText("cancel my order")
        .flushed();

    assertThat(call.transcript()).endsWith("caller: cancel my order");
    assertThat(replies(call)).isEqualTo(2);
  }

  @Test
  void r29_aLateFinalReplacesProvisionalWordsThatStillWait() {
    CallScript call = call("turn.bargeIn.enabled=false")
        .says("when do you open")
        .after(300)
        .writes("We are open from nine to five.")
        .isHeard()
        .speaks("and on some day")
        .after(1500)
        .finalText("and on Sunday?")
        .after(500)
        .heardToTheEnd();

    assertThat(call.transcript()).last().isEqualTo("caller: and on Sunday?");
  }

  // ---- R32, R33: replies that are begun early

  private static final String[] EARLY = {
    "turn.preemptive.enabled=true", "turn.preemptive.maxDiscards=2"
  };

  @Test
  void r32_aReplyThatIsBegunEarlyDoesNothingBeforeTheTurnIsTaken() {
    CallScript call = call(EARLY).speaks("where is my order");
    TurnEffect.Generate early = call.effects(TurnEffect.Generate.class).get(0);
    assertThat(early.held()).isTrue();

    call.firstToken().completes("Let me see.", new ToolCall("a", "lookup", "{}"));

    assertThat(call.effects()).isEmpty();
    assertThat(call.history()).isEmpty();
    assertThat(call.after(80).finalText("where is my order").flushed().effects())
        .containsSubsequence(
            new TurnEffect.CommitReply(early.turn()),
            new TurnEffect.RunTool(early.turn(), new ToolCall("a", "lookup", "{}")));
  }

  @Test
  void r32_aReplyToOtherWordsIsThrownAwayWithItsTools() {
    CallScript call = call(EARLY).speaks("where is my");
    TurnId early = call.turn();
    call.completes("", new ToolCall("a", "lookup", "{}"));
    call.effects();

    call.after(80).finalText("where is my hat").flushed();

    assertThat(call.effects())
        .contains(new TurnEffect.Cancel(early), new TurnEffect.Speculated(false))
        .noneMatch(TurnEffect.RunTool.class::isInstance);
    assertThat(call.turn()).isNotEqualTo(early);
    assertThat(call.transcript()).containsExactly("caller: where is my hat");
    assertThat(call.happens(new CallFact.FirstToken(0, early, 0))
            .effects(TurnEffect.LateDropped.class))
        .hasSize(1);
  }

  @Test
  void r32_moreSpeechThrowsItAway() {
    CallScript call = call(EARLY).speaks("where is my order");
    TurnId early = call.turn();
    call.effects();

    call.after(50).voiceBegins();

    assertThat(call.effects())
        .contains(new TurnEffect.Cancel(early), new TurnEffect.Speculated(false));
  }

  @Test
  void r32_aReplyThatFailedEarlyIsAskedForAgain() {
    CallScript call = call(EARLY)
        .speaks("where is my order")
        .modelFails("")
        .after(80)
        .finalText("where is my order")
        .flushed();

    assertThat(call.state()).isEqualTo("thinking");
    assertThat(replies(call)).isEqualTo(1);
  }

  @Test
  void r33_oneAtATimeAndNoneWhenTooManyWereDiscarded() {
    CallScript call = call(EARLY);
    for (int i = 0; i < 4; i++) {
      call.speaks("first guess " + i)
          .interim("second guess " + i)
          .after(80)
          .finalText("something else " + i)
          .flushed()
          .isAnsweredWith("Yes.")
          .after(300);
    }

    List<TurnEffect> all = call.effects();
    assertThat(all).filteredOn(new TurnEffect.Speculated(false)::equals).hasSize(2);
    assertThat(all)
        .filteredOn(effect -> effect instanceof TurnEffect.Generate generate && generate.held())
        .hasSize(2);
  }

  @Test
  void r33_aReplyThatWasUsedEarnsOneBack() {
    CallScript call = call(EARLY);
    for (int i = 0; i < 6; i++) {
      String last = i % 2 == 0 ? "wrong " + i : "right " + i;
      call.speaks("right " + i)
          .after(80)
          .finalText(last)
          .flushed()
          .isAnsweredWith("Yes.")
          .after(300);
    }

    assertThat(call.effects(TurnEffect.Speculated.class)).hasSize(6);
  }

  @Test
  void unfinishedWordsAreNotWorthAGuess() {
    assertThat(call(EARLY).speaks("where is my order and").effects(TurnEffect.Generate.class))
        .isEmpty();
  }

  @Test
  void theProvidersEagerEndBeginsAReplyAndItsResumeDropsIt() {
    CallScript call = call("stt.cartesia.endpoint=turns", "turn.preemptive.enabled=true")
        .after(40)
        .voiceBegins()
        .after(400)
        .voiceEnds();
    call.happens(new CallFact.ProviderTurnEagerEnd(700_000_000_000L, "hello", 0));
    assertThat(call.effects(TurnEffect.Generate.class)).hasSize(1);

    call.happens(new CallFact.ProviderTurnResumed(700_000_000_000L, 0));
    assertThat(call.effects()).contains(new TurnEffect.Speculated(false));
  }
}
