package io.voiceagent.turn;

import io.voiceagent.call.EndReason;
import io.voiceagent.call.Message;
import java.util.List;

/** What the caller types: an action of its own, or digits for the model. */
final class KeyRules {
  private final CallState call;
  private final TurnOptions.Dtmf options;
  private final DigitCollector collector;

  KeyRules(CallState call) {
    this.call = call;
    options = call.options.dtmf();
    collector = new DigitCollector(options);
  }

  void pressed(char key) {
    if (call.agent.floor == AgentFloor.CLOSING) {
      return;
    }
    call.timers.stop(Timer.REPROMPT);
    if (options.interrupts()) {
      call.interruptions.byKey();
    }
    String action = collector.empty() ? action(key) : "";
    if (!action.isEmpty()) {
      act(action);
    } else if (collector.add(key)) {
      complete();
    } else {
      call.timers.start(Timer.DIGITS, options.timeout());
    }
  }

  /** All digits are here, or no more came in time. A terminator alone is nothing. */
  void complete() {
    call.timers.stop(Timer.DIGITS);
    if (!collector.empty()) {
      call.taking.byKeys("[keys pressed: " + collector.take() + "]");
    }
  }

  private String action(char key) {
    String action = "";
    for (String configured : options.actions()) {
      if (configured.startsWith(key + "=")) {
        action = configured.substring(2).strip();
      }
    }
    return action;
  }

  private void act(String action) {
    if (action.equals("hangup")) {
      call.ending.close(call.options.goodbye(), EndReason.AGENT_HUNG_UP);
    } else if (action.equals("repeat")) {
      repeat();
    } else {
      call.taking.byKeys(action);
    }
  }

  private void repeat() {
    List<Message> entries = call.dialogue.entries();
    for (int i = entries.size() - 1; i >= 0 && call.agent.idle(); i--) {
      if (entries.get(i) instanceof Message.Assistant said) {
        String all = (said.text() + " " + said.unheard()).strip();
        if (!all.isEmpty()) {
          call.answering.say(Utterance.Kind.REPEAT, all, true);
        }
      }
    }
  }
}
