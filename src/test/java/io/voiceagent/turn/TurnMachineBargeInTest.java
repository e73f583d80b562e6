package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.EndReason;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.TurnId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The caller talks while the agent has the floor. */
class TurnMachineBargeInTest {
  private static final String STORY = "Once upon a time there was a telephone in a quiet house.";

  /** In the middle of an answer, 1 s of which was heard. */
  private static CallScript telling(String... settings) {
    CallScript call = CallScript.with(settings)
        .starts()
        .after(500)
        .says("tell me a story")
        .after(300)
        .writes(STORY)
        .isHeard()
        .after(1000);
    call.effects();
    return call;
  }

  private static void interrupts(CallScript call) {
    TurnId told = call.turn();
    assertThat(call.effects())
        .containsSequence(new TurnEffect.Clear(told), new TurnEffect.Cancel(told))
        .anyMatch(TurnEffect.BargedIn.class::isInstance);
    assertThat(call.state()).isIn("hearing", "listening");
  }

  private static void doesNotInterrupt(CallScript call) {
    assertThat(call.effects()).noneMatch(TurnEffect.Clear.class::isInstance);
    assertThat(call.state()).isEqualTo("speaking");
  }

  @Test
  void r8_anInterruptionClearsAndCancelsInTheSameStep() {
    CallScript call = telling().voiceBegins();
    doesNotInterrupt(call);

    interrupts(call.after(80).voiceLasts());
  }

  @Test
  void r8_whatComesOfTheOldReplyAfterItsClearIsDroppedAndCountedOnce() {
    CallScript call = telling().voiceBegins().voiceLasts();
    TurnId old = call.turn();
    call.effects();

    call.voices(old, "and another").isHeard().completes("late").heardToTheEnd();

    assertThat(call.effects(TurnEffect.LateDropped.class)).hasSize(5);
    assertThat(call.state()).isEqualTo("hearing");
  }

  @Test
  void r9_theHundredthInterruptionBehavesAsTheFirst() {
    CallScript call = CallScript.with("turn.silence.after=0").starts();
    List<String> first = null;
    for (int i = 0; i < 100; i++) {
      call.after(500)
          .says("tell me story " + i)
          .after(300)
          .writes(STORY)
          .isHeard()
          .after(1000);
      call.effects();
      call.voiceBegins()
          .after(80)
          .voiceLasts()
          .cleared(call.turn(), 1080)
          .after(400)
          .voiceEnds()
          .after(100)
          .flushed();
      List<String> now = call.effects().stream()
          .map(effect -> effect.getClass().getSimpleName())
          .toList();
      first = first == null ? now : first;
      assertThat(now).as("interruption %d", i).isEqualTo(first);
      assertThat(call.transcript()).last().asString().startsWith("agent: Once upon a [unheard:");
    }
  }

  @Test
  void aLongUtteranceThatBeganBeforeTheAgentSpokeStillInterrupts() {
    CallScript call = CallScript.with("agent.notice=Recorded.", "agent.greeting=Hello there.")
        .starts()
        .voicesWhatWasOrdered()
        .isHeard()
        .after(100)
        .voiceBegins()
        .after(80)
        .voiceLasts();
    doesNotInterrupt(call);

    call.after(100).heardToTheEnd().voicesWhatWasOrdered().isHeard();

    interrupts(call);
  }

  @Test
  void withAMinimumOfWordsTheVoiceAloneDoesNotInterrupt() {
    CallScript call =
        telling("turn.bargeIn.minWords=2").voiceBegins().after(80).voiceLasts().interim("stop");
    doesNotInterrupt(call);

    interrupts(call.interim("stop it"));
  }

  @Test
  void signsOfListeningDoNotCountAsWords() {
    CallScript call =
        telling("turn.bargeIn.minWords=2").voiceBegins().interim("okay yeah right uh-huh");
    doesNotInterrupt(call);
  }

  @Test
  void aVoiceThatIsKnownToSayOnlyUhHuhDoesNotInterrupt() {
    doesNotInterrupt(telling().voiceBegins().interim("mm-hmm").voiceLasts());
  }

  @Test
  void phrasesThatNeverInterruptAreAnsweredWhenTheAgentIsThrough() {
    CallScript call = telling("turn.bargeIn.neverInterrupts=one moment", "turn.bargeIn.minWords=1")
        .says("One moment!");
    doesNotInterrupt(call);

    call.after(2000).heardToTheEnd();

    assertThat(call.effects(TurnEffect.Generate.class)).hasSize(1);
    assertThat(call.transcript()).last().isEqualTo("caller: One moment!");
  }

  @Test
  void whereNobodyMayInterruptTheWordsWait() {
    CallScript call = telling("turn.bargeIn.enabled=false").says("stop it please");
    doesNotInterrupt(call);

    call.after(500).heardToTheEnd();

    assertThat(call.transcript()).containsSubsequence("agent: " + STORY, "caller: stop it please");
  }

  @Test
  void protectedSpeechIsNotInterruptedByVoiceWordsOrKeys() {
    CallScript call = CallScript.with("agent.notice=This call is recorded.")
        .starts()
        .voicesWhatWasOrdered()
        .isHeard();

    call.after(100).says("who are you").presses("5");

    doesNotInterrupt(call);
  }

  @Test
  void protectedSpeechIsNotWithdrawnBeforeItIsHeardEither() {
    CallScript call = CallScript.with("agent.notice=This call is recorded.").starts();
    call.effects();

    call.says("who are you").voicesWhatWasOrdered().isHeard();

    assertThat(call.effects())
        .noneMatch(
            effect -> effect instanceof TurnEffect.Cancel || effect instanceof TurnEffect.Generate);
    assertThat(call.after(1200).heardToTheEnd().state()).isEqualTo("thinking");
  }

  @Test
  void yesIntoTheEndOfAQuestionIsItsAnswer() {
    CallScript call = CallScript.with()
        .starts()
        .says("book a table")
        .after(300)
        .writes("Shall I book for Friday?")
        .isHeard();

    call.after(1150)
        .voiceBegins()
        .after(80)
        .voiceLasts()
        .cleared(call.turn(), 1250)
        .after(200)
        .interim("yeah")
        .after(200)
        .voiceEnds()
        .after(80)
        .finalText("yeah")
        .flushed();

    assertThat(call.transcript())
        .endsWith("agent: Shall I book for [unheard: Friday?]", "caller: yeah");
    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void r10_aCoughIsForgottenAndTheAgentGoesOnAtTheNextUnheardWord() {
    CallScript call = telling().coughs();
    call.cleared(call.turn(), 1150);
    call.effects();

    call.after(1500);
    assertThat(call.effects()).isEmpty();
    call.after(500);

    // At the very decision: what comes after is the voice's time.
    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly("time there was a telephone in a quiet house.");
    call.isSaid();
    assertThat(call.transcript()).last().isEqualTo("agent: " + STORY);
  }

  @Test
  void r10_uhHuhThatInterruptedLetsTheAgentGoOnAtOnce() {
    CallScript call = telling().voiceBegins().after(80).voiceLasts();
    call.cleared(call.turn(), 1120).after(300).voiceEnds().after(100).finalText("uh-huh");
    call.effects();

    call.flushed();

    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly("time there was a telephone in a quiet house.");
    assertThat(call.isSaid().transcript()).noneMatch(line -> line.equals("caller: uh-huh"));
  }

  @Test
  void r10_signsOfListeningThatOutlastTheWaitAreNoInterruptionEither() {
    CallScript call = telling("turn.bargeIn.falseAfter=600ms").voiceBegins().voiceLasts();
    call.cleared(call.turn(), 1080).after(300).interim("mm-hmm okay").after(300);
    assertThat(call.effects(TurnEffect.FinalizeTranscript.class)).hasSize(1);

    call.after(100).finalText("mm-hmm okay yeah").flushed().after(100).voiceEnds();
    call.after(80).flushed();

    assertThat(call.effects(TurnEffect.Say.class))
        .extracting(TurnEffect.Say::text)
        .containsExactly("time there was a telephone in a quiet house.");
    assertThat(call.isSaid().state()).isEqualTo("listening");
  }

  @Test
  void r10_signsOfListeningWithoutAnEndDoNotKeepTheAgentSilent() {
    CallScript call = telling("turn.bargeIn.falseAfter=600ms").voiceBegins().voiceLasts();
    call.cleared(call.turn(), 1080).after(300).interim("mm-hmm").finalText("mm-hmm");
    call.effects();

    call.after(600 + 1500);

    assertThat(call.effects(TurnEffect.Say.class)).hasSize(1);
    call.isSaid().voiceEnds().after(80).flushed();
    assertThat(call.transcript()).noneMatch(line -> line.startsWith("caller: mm-hmm"));
  }

  @Test
  void r10_aNoiseThatGoesOnDoesNotSilenceTheAgentForGood() {
    CallScript call = telling().voiceBegins().after(80).voiceLasts();
    call.cleared(call.turn(), 1120);
    call.effects();

    call.after(2000);
    assertThat(call.effects()).contains(new TurnEffect.FinalizeTranscript());
    call.after(1500);

    assertThat(call.effects(TurnEffect.Say.class)).hasSize(1);
    // The noise is still there; it does not interrupt again, words would.
    call.voicesWhatWasOrdered().isHeard();
    doesNotInterrupt(call);
    interrupts(call.interim("stop"));
  }

  @Test
  void r10_aSecondCoughCutsTheRestAndTheHistoryHasNoGap() {
    CallScript call = telling().coughs();
    call.cleared(call.turn(), 1150)
        .after(2000)
        .voicesWhatWasOrdered()
        .isHeard()
        .after(1300)
        .coughs();
    call.cleared(call.turn(), 1300);
    assertThat(call.transcript())
        .last()
        .isEqualTo("agent: Once upon a time there was a [unheard: telephone in a quiet house.]");

    call.after(2000).isSaid();

    assertThat(call.transcript()).last().isEqualTo("agent: " + STORY);
  }

  @Test
  void r10_aReplyThatWasCutWhileItWasWrittenIsAskedForToItsEnd() {
    CallScript call = CallScript.with()
        .starts()
        .says("tell me a story")
        .after(300)
        .voices("Once upon a time")
        .isHeard()
        .after(600)
        .coughs();
    call.cleared(call.turn(), 900).after(2000).isSaid();

    TurnEffect.Generate more = call.effects(TurnEffect.Generate.class).get(1);
    assertThat(more.dialogue().toString())
        .contains("Go on exactly where", "Assistant[text=Once upon a time,");
    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void aWordInTimeMakesItAnInterruption() {
    CallScript call = telling().voiceBegins().after(80).voiceLasts();
    call.cleared(call.turn(), 1120).after(1500).interim("wait").after(3000);
    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();

    call.voiceEnds().after(100).finalText("wait").flushed();

    assertThat(call.transcript()).last().isEqualTo("caller: wait");
  }

  @Test
  void withoutAFalseInterruptionTimeTheAgentStaysSilent() {
    CallScript call = telling("turn.bargeIn.falseAfter=0").coughs().after(5000);

    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();
    assertThat(call.runs(Timer.REPROMPT)).isTrue();
  }

  @Test
  void r11_aVoiceBeforeTheFirstSoundHoldsTheReply() {
    CallScript call = CallScript.with().starts().says("book a table");
    call.effects();

    call.after(100).voiceBegins();
    assertThat(call.effects(TurnEffect.HoldPlayout.class))
        .extracting(TurnEffect.HoldPlayout::until)
        .allMatch(until -> until > 0);
    call.after(260).voiceEnds();

    assertThat(call.effects(TurnEffect.HoldPlayout.class))
        .containsExactly(new TurnEffect.HoldPlayout(0));
  }

  @Test
  void r11_aVoiceThatLastsBeforeTheFirstSoundTakesTheTurnBack() {
    CallScript call = CallScript.with("turn.bargeIn.minWords=3").starts().says("book a table");
    TurnId early = call.turn();
    call.effects();

    call.after(100).says("for two");

    assertThat(call.effects())
        .contains(new TurnEffect.Cancel(early))
        .noneMatch(TurnEffect.Clear.class::isInstance);
    assertThat(call.transcript()).containsExactly("caller: book a table for two");
  }

  @Test
  void r11_norDoesAModelThatWasQuickerThanTheVoiceSplitTheTurn() {
    CallScript call = CallScript.with().starts().says("book a table");
    call.after(100).completes("Here you are.").effects();

    call.after(100).says("for two");

    assertThat(call.transcript()).containsExactly("caller: book a table for two");
    assertThat(call.effects(TurnEffect.Generate.class)).hasSize(1);
  }

  @Test
  void r11_aNoiseBeforeTheFirstSoundCostsTimeButNotTheAnswer() {
    CallScript call = CallScript.with().starts().says("book a table");
    call.effects();

    call.after(100).coughs();

    assertThat(call.effects(TurnEffect.Generate.class)).hasSize(1);
    assertThat(call.transcript()).containsExactly("caller: book a table");
  }

  @Test
  void r12_interruptedInAnyStateTheCallReturnsToListening() {
    ToolCall lookup = new ToolCall("a", "lookup", "{}");
    ToolCall end = new ToolCall("b", TurnMachine.END_CALL, "{}");
    List<CallScript> states = List.of(
        CallScript.with().starts().says("one"),
        CallScript.with().starts().says("one").completes("", lookup),
        CallScript.with()
            .starts()
            .says("one")
            .voices("Let me see.")
            .completes("Let me see.", lookup),
        CallScript.with()
            .starts()
            .says("one")
            .voices("Let me see.")
            .completes("Let me see.", lookup)
            .isHeard(),
        CallScript.with()
            .starts()
            .says("one")
            .voices("Let me see.")
            .completes("Let me see.", lookup)
            .isHeard()
            .after(900)
            .heardToTheEnd(),
        CallScript.with().starts().says("one").completes("", lookup).toolReturns("a", "42"),
        CallScript.with()
            .starts()
            .says("one")
            .voices("Good bye then.")
            .completes("Good bye then.", end),
        CallScript.with()
            .starts()
            .says("one")
            .voices("Good bye then.")
            .completes("Good bye then.", end)
            .isHeard(),
        CallScript.with("agent.greeting=Hello there.").starts(),
        CallScript.with("agent.greeting=Hello there.")
            .starts()
            .voicesWhatWasOrdered()
            .isHeard());
    for (CallScript call : states) {
      String before = call.state();
      call.after(300).speaks("two").after(100).finalText("two").flushed();
      assertThat(call.state()).as("from " + before).isEqualTo("thinking");
      call.isAnsweredWith("Done.");
      assertThat(call.state()).as("from " + before).isEqualTo("listening");
      assertThat(call.runs(Timer.REPROMPT)).isTrue();
      assertThat(call.after(60_000).effects(TurnEffect.HangUp.class))
          .as("from " + before)
          .isEmpty();
    }
  }

  @Test
  void r12_aGoodbyeThatWasCutForNothingStillEndsTheCall() {
    CallScript call = CallScript.with()
        .starts()
        .says("bye")
        .voices("Good bye then.")
        .completes("Good bye then.", new ToolCall("b", TurnMachine.END_CALL, "{}"))
        .isHeard()
        .after(400)
        .coughs();
    call.cleared(call.turn(), 500).after(2000).isSaid();

    assertThat(call.effects(TurnEffect.HangUp.class))
        .extracting(TurnEffect.HangUp::reason)
        .containsExactly(EndReason.AGENT_HUNG_UP);
  }

  @Test
  void r12_theLastWordsOfAClosingCallAreNotInterrupted() {
    CallScript call = CallScript.with("turn.dtmf.actions=9=hangup")
        .starts()
        .presses("9")
        .voicesWhatWasOrdered()
        .isHeard();
    assertThat(call.state()).isEqualTo("closing");

    call.says("wait").after(900).heardToTheEnd();

    assertThat(call.state()).isEqualTo("ended");
  }

  @Test
  void r13_everyOrderHasATurnOfItsOwnAndACancelledOneIsNeverOrderedAgain() {
    CallScript call = telling().voiceBegins().voiceLasts();
    TurnId old = call.turn();
    call.after(300).voiceEnds().after(80).finalText("stop").flushed();

    assertThat(call.turn().isAfter(old)).isTrue();
    assertThat(call.effects(TurnEffect.Generate.class))
        .extracting(TurnEffect.Generate::turn)
        .containsExactly(call.turn());
  }
}
