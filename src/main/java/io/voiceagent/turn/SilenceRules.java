package io.voiceagent.turn;

import io.voiceagent.call.EndReason;
import java.util.List;

/** What happens when nobody says anything. */
final class SilenceRules {
  private final CallState call;
  private final TurnOptions.Silence options;
  private int reprompts;

  SilenceRules(CallState call) {
    this.call = call;
    options = call.options.silence();
  }

  /** The caller said something: begin with the first re-prompt again. */
  void spoken() {
    reprompts = 0;
  }

  void arm() {
    if (!options.after().isZero() && call.caller.floor == CallerFloor.SILENT) {
      call.timers.start(Timer.REPROMPT, options.after());
    }
  }

  void due() {
    if (!call.agent.idle() || call.caller.floor != CallerFloor.SILENT) {
      return;
    }
    List<String> texts = options.reprompts();
    if (reprompts < texts.size()) {
      call.answering.say(Utterance.Kind.REPROMPT, texts.get(reprompts++), true);
    } else {
      call.ending.close(options.goodbye(), EndReason.SILENCE);
    }
  }

  /** While both are silent something must be about to happen, or a call could fall silent for good. */
  void neverUnarmed() {
    if (!call.agent.idle() || call.caller.floor != CallerFloor.SILENT) {
      return;
    }
    boolean awaited = call.timers.runs(Timer.REPROMPT)
        || call.timers.runs(Timer.ENDPOINT)
        || call.timers.runs(Timer.DIGITS)
        || call.timers.runs(Timer.FALSE_INTERRUPTION);
    if (awaited) {
      return;
    }
    if (call.interruptions.undecided()) {
      call.interruptions.neverUnarmed();
    } else {
      arm();
    }
  }
}
