package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.TurnOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the model, the voice and the carrier tell of an utterance, also when they tell it oddly. */
class TurnMachineUtteranceTest {
  private static CallScript asked(String... settings) {
    CallScript call = CallScript.with(settings).starts().after(500).says("when do you open");
    call.effects();
    return call;
  }

  private static Failure failure(Failure.Stage stage, Failure.Kind kind) {
    return new Failure(stage, kind, "scripted");
  }

  private static List<String> said(CallScript call) {
    return call.effects(TurnEffect.Say.class).stream().map(TurnEffect.Say::text).toList();
  }

  @Test
  void aReplyEndsOnceHoweverOftenThatIsTold() {
    CallScript call = asked().writes("From nine to five.");
    call.effects();

    assertThat(call.completes("From ten.").effects())
        .hasSize(1)
        .allMatch(TurnEffect.LateDropped.class::isInstance);
    assertThat(call.modelFails("").effects())
        .hasSize(1)
        .allMatch(TurnEffect.LateDropped.class::isInstance);
    call.isHeard().after(1200).heardToTheEnd();
    assertThat(call.transcript()).last().isEqualTo("agent: From nine to five.");
  }

  @Test
  void aReplyWithoutAWordIsApologisedFor() {
    CallScript call = asked().completes(" ");

    assertThat(call.effects().toString())
        .contains("outcome=FAILED", call.options().apology());
  }

  @Test
  void aModelThatRefusesForGoodEndsTheCallAtOnce() {
    CallScript call = asked();
    call.happens(new CallFact.ReplyFailed(
        call.now(), call.turn(), "", failure(Failure.Stage.LLM, Failure.Kind.UNAUTHORIZED)));

    assertThat(said(call)).containsExactly(call.options().farewell());
    assertThat(call.isSaid().state()).isEqualTo("ended");
  }

  @Test
  void aReplyThatMakesNoSoundHasFailedAndAFixedTextThatMakesNoneIsOver() {
    CallScript call = asked().completes("\u263a");
    call.happens(new CallFact.SpeechCompleted(call.now(), call.turn(), 0));
    assertThat(said(call)).containsExactly(call.options().apology());

    CallScript greeting = CallScript.with("agent.greeting=\u263a").starts();
    greeting.happens(new CallFact.SpeechCompleted(greeting.now(), greeting.turn(), 0));
    assertThat(greeting.state()).isEqualTo("listening");
    assertThat(greeting.runs(Timer.REPROMPT)).isTrue();
  }

  @Test
  void aVoiceThatIsThroughWhileTheModelIsNotIsNoEnd() {
    CallScript call = asked().voices("From nine");
    call.happens(new CallFact.SpeechCompleted(call.now(), call.turn(), 0));

    assertThat(call.effects(TurnEffect.Say.class)).isEmpty();
    assertThat(call.state()).isEqualTo("thinking");
  }

  @Test
  void aVoiceThatFailsWhileItIsHeardIsCancelledAndItsRestApologisedFor() {
    CallScript call = asked().writes("From nine to five.").isHeard();
    call.effects();
    call.voiceFails();
    assertThat(call.effects()).contains(new TurnEffect.Cancel(call.turn()));
    assertThat(call.state()).as("the carrier still plays").isEqualTo("speaking");

    call.after(600).heardToTheEnd();

    assertThat(call.effects().toString())
        .contains("outcome=FAILED", call.options().apology());
  }

  @Test
  void withoutAVoiceForTheApologyNothingIsLeftToSay() {
    CallScript call = asked().modelFails("");
    assertThat(said(call)).containsExactly(call.options().apology());

    assertThat(call.voiceFails().effects(TurnEffect.HangUp.class))
        .extracting(TurnEffect.HangUp::reason)
        .containsExactly(EndReason.SPEECHLESS);
  }

  @Test
  void aVoiceThatRefusesForGoodEndsTheCallUnlessItWasTheGreetings() {
    CallScript call = asked();
    call.happens(new CallFact.SpeechFailed(
        call.now(), call.turn(), "", failure(Failure.Stage.TTS, Failure.Kind.OUT_OF_MONEY)));
    assertThat(call.effects(TurnEffect.HangUp.class)).hasSize(1);

    CallScript greeting = CallScript.with("agent.greeting=Hello there.").starts();
    greeting.happens(new CallFact.SpeechFailed(
        greeting.now(),
        greeting.turn(),
        "",
        failure(Failure.Stage.TTS, Failure.Kind.OUT_OF_MONEY)));
    assertThat(greeting.effects(TurnEffect.HangUp.class)).isEmpty();
  }

  @Test
  void aFillerThatFailsCostsTheAnswerNothing() {
    CallScript call = asked("turn.filler.after=200ms").after(200);
    TurnEffect.Say filler = call.effects(TurnEffect.Say.class).get(0);
    call.happens(new CallFact.SpeechFailed(
        call.now(), filler.turn(), "", failure(Failure.Stage.TTS, Failure.Kind.TIMEOUT)));
    assertThat(call.effects(TurnEffect.Cancel.class)).isEmpty();

    call.isAnsweredWith("From nine.");

    assertThat(call.effects(TurnEffect.TurnEnded.class))
        .extracting(TurnEffect.TurnEnded::outcome)
        .containsExactly(TurnOutcome.ANSWERED);
  }

  @Test
  void noFillerComesOnceTheAnswerIsHeard() {
    CallScript call = asked("turn.filler.after=1s").writes("From nine to five.").isHeard();
    assertThat(call.runs(Timer.FILLER)).isFalse();
    assertThat(call.after(1100).effects(TurnEffect.Say.class)).isEmpty();
  }

  /** A long answer of which something is heard all the time is not overdue. */
  @Test
  void eachSignOfTheCarrierIsAnotherMinute() {
    CallScript call =
        asked().writes("From nine to five.").isHeard().after(50_000).heardTo(300);
    assertThat(call.after(50_000).state()).isEqualTo("speaking");
    assertThat(call.after(10_000).state()).isEqualTo("listening");
  }

  @Test
  void theTimelineNamesEachPartOfTheWait() {
    CallScript call = asked().after(300).writes("From nine.").after(50).isHeard();

    assertThat(call.effects(TurnEffect.FirstAudioHeard.class)
            .get(0)
            .timeline()
            .stagesMs()
            .toString())
        .contains("ENDPOINTING=200.0", "STT_FINAL=100.0", "LLM_FIRST_TOKEN=200.0")
        .contains("FIRST_SEGMENT=10.0", "TTS_FIRST_AUDIO=90.0", "PLAYOUT=50.0");
  }
}
