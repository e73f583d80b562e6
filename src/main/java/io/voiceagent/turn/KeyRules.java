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
    call.timers.stop(Timer.REPROMPT);
    if (call.agent.floor == AgentFloor.CLOSING) {
      return;
    }
    if (options.interrupts()) {
      call.interruptions.byKey();
    }
    String action = action(key);
    if (!action.isEmpty() && collector.empty()) {
      act(action);
    } else if (collector.add(key)) {
      complete();
    } else {
      call.timers.start(Timer.DIGITS, options.timeout());
    }
  }

  /** All digits are here, or no more came in time. */
  void complete() {
    call.timers.stop(Timer.DIGITS);
    if (collector.empty()) {
      call.listening.listen();
    } else {
      call.listening.wordsByKeys("[keys pressed: " + collector.take() + "]");
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
      call.ending.close("Goodbye.", EndReason.AGENT_HUNG_UP);
    } else if (action.equals("repeat")) {
      repeat();
    } else {
      call.listening.wordsByKeys(action);
    }
  }

  private void repeat() {
    List<Message> entries = call.dialogue.entries();
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i) instanceof Message.Assistant said && !said.text().isBlank()) {
        call.answering.say(Utterance.Kind.REST, said.text(), true);
        return;
      }
    }
    call.listening.listen();
  }
}
