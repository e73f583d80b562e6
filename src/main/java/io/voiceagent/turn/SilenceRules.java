package io.voiceagent.turn;

import io.voiceagent.call.EndReason;
import java.util.List;

/** What happens when nobody says anything. The clock runs from what the caller heard last. */
final class SilenceRules {
  /** After a noise: nobody is asked whether they are there just when they made one. */
  private static final long AFTER_NOISE = 2_000_000_000L;

  private final CallState call;
  private final TurnOptions.Silence options;
  private int reprompts;
  private long since;

  SilenceRules(CallState call) {
    this.call = call;
    options = call.options.silence();
  }

  /** The caller said something: begin with the first re-prompt again. */
  void spoken() {
    reprompts = 0;
  }

  /** The agent is through: it is the caller's turn. */
  void begin() {
    since = call.now();
    arm(options.after().toNanos());
  }

  /** A noise broke the silence, or a key: it goes on where it was. */
  void resume() {
    long left = since + options.after().toNanos() - call.now();
    arm(Math.max(left, Math.min(options.after().toNanos(), AFTER_NOISE)));
  }

  private void arm(long nanos) {
    if (!options.after().isZero() && call.caller.silent() && call.agent.idle()) {
      call.timers.start(Timer.REPROMPT, nanos);
    }
  }

  void due() {
    if (!call.agent.idle() || !call.caller.silent()) {
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
    if (!call.agent.idle() || !call.caller.silent()) {
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
      resume();
    }
  }
}
