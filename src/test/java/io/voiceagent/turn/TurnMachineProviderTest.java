package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.TurnId;
import org.junit.jupiter.api.Test;

/** What comes from a transcriber in another order than one would like, and from one that ends turns itself. */
class TurnMachineProviderTest {
  private static CallScript turns(String... more) {
    String[] settings = new String[more.length + 1];
    settings[0] = "stt.cartesia.endpoint=turns";
    System.arraycopy(more, 0, settings, 1, more.length);
    CallScript call = CallScript.with(settings).starts().after(500);
    call.effects();
    return call;
  }

  private static CallScript telling() {
    CallScript call = turns().providerTurnStarts();
    call.after(500).voiceEnds().providerTurnEnds("tell me a story").after(300);
    call.writes("Once upon a time there was a telephone.").isHeard().after(600);
    call.effects();
    return call;
  }

  @Test
  void aVoiceThatOnlyTheProviderHasHeardInterrupts() {
    CallScript call = telling();
    TurnId story = call.turn();

    assertThat(call.providerTurnStarts().effects())
        .contains(new TurnEffect.Clear(story), new TurnEffect.Cancel(story));
    assertThat(call.state()).isEqualTo("hearing");
  }

  @Test
  void wordsThatOnlyTheProviderHasHeardInterruptAndAreAnswered() {
    CallScript call = telling();
    TurnId story = call.turn();

    assertThat(call.providerTurnEnds("stop it please").effects())
        .contains(new TurnEffect.Clear(story))
        .anyMatch(TurnEffect.Generate.class::isInstance);
    assertThat(call.transcript()).last().isEqualTo("caller: stop it please");
  }

  @Test
  void aProvidersTurnWithoutWordsSilencesNobody() {
    CallScript call = telling();

    assertThat(call.providerTurnEnds("").effects()).noneMatch(TurnEffect.Clear.class::isInstance);
    assertThat(call.state()).isEqualTo("speaking");
  }

  @Test
  void r16_aTurnThatTheProviderEndsTwiceIsAnsweredOnce() {
    CallScript call = turns().providerTurnStarts().after(500).voiceEnds();
    call.happens(new CallFact.ProviderTurnEnded(call.now(), 7, "hello"));
    assertThat(call.effects(TurnEffect.Generate.class)).hasSize(1);

    call.after(100).happens(new CallFact.ProviderTurnEnded(call.now(), 7, "hello"));

    assertThat(call.effects()).hasSize(1).allMatch(TurnEffect.DuplicateDropped.class::isInstance);
    assertThat(call.transcript()).containsExactly("caller: hello");
  }

  @Test
  void whoResumesAfterAnEagerEndIsWaitedForAnew() {
    CallScript call = turns("turn.preemptive.enabled=true").providerTurnStarts().after(500);
    call.voiceEnds().after(300).happens(new CallFact.ProviderTurnEagerEnd(call.now(), "I want", 0));
    TurnId early = call.turn();
    assertThat(call.effects(TurnEffect.Generate.class))
        .extracting(TurnEffect.Generate::held)
        .containsExactly(true);

    call.after(1000).happens(new CallFact.ProviderTurnResumed(call.now(), 0));

    assertThat(call.effects())
        .contains(new TurnEffect.Cancel(early), new TurnEffect.Speculated(false));
    assertThat(call.left(Timer.FINAL_TRANSCRIPT)).isEqualTo(5000);
    assertThat(call.after(4900).providerTurnEnds("I want a table").transcript())
        .containsExactly("caller: I want a table");
  }

  @Test
  void aVoiceWhoseBeginningWasMissedIsListenedToAllTheSame() {
    CallScript call = CallScript.with().starts().after(500).voiceLasts();
    assertThat(call.state()).isEqualTo("hearing");

    assertThat(call.after(300).voiceEnds().effects()).contains(new TurnEffect.FinalizeTranscript());
    assertThat(call.after(100).finalText("hello").flushed().state()).isEqualTo("thinking");
  }

  @Test
  void anInterimThatComesAfterTheReleaseIsWorthAGuess() {
    CallScript call =
        CallScript.with("turn.preemptive.enabled=true").starts().voiceBegins().after(400);
    call.voiceEnds().effects();

    assertThat(call.after(50).interim("when do you open").effects(TurnEffect.Generate.class))
        .hasSize(1);
  }

  @Test
  void r29_wordsOfAVoiceThatWasTooQuietAreATurnWhoseWaitBeginsWithThem() {
    CallScript call = CallScript.with().starts().after(500).says("hello").isAnsweredWith("Hi.");
    call.after(5000).effects();

    call.finalText("are you there").after(300).writes("Yes.").after(50).isHeard();

    assertThat(call.transcript()).last().isEqualTo("caller: are you there");
    assertThat(call.effects(TurnEffect.FirstAudioHeard.class))
        .extracting(heard -> heard.timeline().timeToFirstAudioMs())
        .containsExactly(350.0);
  }
}
