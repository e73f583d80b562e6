package io.voiceagent.conversation;

import io.voiceagent.call.ToolCall;
import io.voiceagent.turn.CallScript;
import java.util.LinkedHashMap;
import java.util.Map;

/** The stories behind {@code src/test/resources/calls}: one per rule of turn-taking. */
final class GoldenScripts {
  private static final String ANSWER = "We are open from nine to five.";

  private GoldenScripts() {}

  static Map<String, CallScript> all() {
    Map<String, CallScript> calls = new LinkedHashMap<>();
    calls.put("two-turns", twoTurns());
    calls.put("barge-in", bargeIn());
    calls.put("cough", cough());
    calls.put("cough-before-the-model-was-through", coughWhileWriting());
    calls.put("uh-huh", uhHuh());
    calls.put("protected-notice", protectedNotice());
    calls.put("goes-on-before-the-answer", goesOn());
    calls.put("unfinished-words", unfinished());
    calls.put("final-never-comes", finalNeverComes());
    calls.put("late-final", lateFinal());
    calls.put("duplicates", duplicates());
    calls.put("provider-ends-the-turn", providerTurns());
    calls.put("begun-early-and-used", speculationUsed());
    calls.put("begun-early-and-discarded", speculationDiscarded());
    calls.put("filler", filler());
    calls.put("tool", tool());
    calls.put("tool-interrupted", toolInterrupted());
    calls.put("silence", silence());
    calls.put("keys", keys());
    calls.put("key-actions", keyActions());
    calls.put("goodbye-by-tool", goodbye());
    calls.put("goodbye-interrupted", goodbyeInterrupted());
    calls.put("model-fails", modelFails());
    calls.put("longest-call", longestCall());
    return calls;
  }

  private static CallScript open(String... settings) {
    return CallScript.with(settings).starts().after(500);
  }

  private static ToolCall lookup(String id) {
    return new ToolCall(id, "lookup", "{}");
  }

  private static CallScript twoTurns() {
    return CallScript.with("agent.greeting=Hello, how can I help you?")
        .remark("the greeting is said and heard to its end")
        .starts()
        .after(20)
        .isSaid()
        .remark("first turn: taken as soon as the transcriber has answered")
        .after(700)
        .says("when do you open")
        .isAnsweredWith(ANSWER)
        .remark("second turn")
        .after(600)
        .says("thank you")
        .isAnsweredWith("You are welcome.")
        .hangsUp();
  }

  private static CallScript bargeIn() {
    CallScript call = open()
        .says("tell me a story")
        .after(300)
        .writes("Once upon a time there was a telephone in a quiet house.")
        .isHeard()
        .remark("1.3 s into the answer the caller speaks: clear at once, cancel upstream")
        .after(1300)
        .voiceBegins()
        .after(80)
        .voiceLasts();
    return call.after(5)
        .cleared(call.turn(), 1385)
        .remark("heard: four words; the rest is kept beside them")
        .after(200)
        .interim("stop please")
        .after(300)
        .voiceEnds()
        .after(100)
        .finalText("stop please")
        .flushed()
        .isAnsweredWith("All right.")
        .hangsUp();
  }

  private static CallScript cough() {
    CallScript call = open()
        .says("when do you open")
        .after(300)
        .writes(ANSWER)
        .isHeard()
        .remark("a cough interrupts after 700 ms")
        .after(600);
    return call.coughs()
        .cleared(call.turn(), 720)
        .remark(
            "2 s later no words have come: it was no interruption, so the agent goes on at the next word")
        .after(2000)
        .isSaid()
        .remark("in the history it is one message")
        .after(500)
        .says("thank you")
        .isAnsweredWith("You are welcome.")
        .hangsUp();
  }

  private static CallScript coughWhileWriting() {
    CallScript call = open()
        .says("tell me a story")
        .after(300)
        .voices("Once upon a time")
        .isHeard()
        .remark(
            "a cough while the model still writes: it is cancelled, and asked for the rest when nothing was meant")
        .after(600);
    return call.coughs()
        .cleared(call.turn(), 720)
        .after(2000)
        .isSaid()
        .isAnsweredWith("there was a telephone.")
        .hangsUp();
  }

  private static CallScript uhHuh() {
    CallScript call = open("turn.bargeIn.minWords=2")
        .says("when do you open")
        .after(300)
        .writes(ANSWER)
        .isHeard()
        .remark("a sign of listening does not stop the agent, and asks for no answer")
        .after(600)
        .says("uh-huh");
    return call.after(1400)
        .heardToTheEnd()
        .remark("it is part of the next turn")
        .after(600)
        .says("and on Sunday?")
        .isAnsweredWith("We are closed.")
        .hangsUp();
  }

  private static CallScript protectedNotice() {
    return CallScript.with("agent.notice=This call is recorded.", "agent.greeting=Hello.")
        .remark("nobody interrupts the notice; the greeting follows when it was heard")
        .starts()
        .after(20)
        .voicesWhatWasOrdered()
        .isHeard()
        .says("when do you open")
        .after(500)
        .heardToTheEnd()
        .isSaid()
        .remark("what was said meanwhile is answered now")
        .isAnsweredWith(ANSWER)
        .hangsUp();
  }

  private static CallScript goesOn() {
    return open()
        .says("I want to fly to Rome")
        .remark("the caller goes on before a word of the answer is heard: one turn, one reply")
        .after(300)
        .says("on Friday")
        .isAnsweredWith("To Rome on Friday.")
        .hangsUp();
  }

  private static CallScript unfinished() {
    return open()
        .remark("words that sound unfinished get half a second more")
        .says("I need a table and")
        .after(300)
        .says("two high chairs")
        .isAnsweredWith("Done.")
        .after(500)
        .remark("so do digits that are being read out")
        .says("my number is five five five")
        .after(300)
        .remark("a whole number is answered at once")
        .says("one two three four")
        .isAnsweredWith("Thank you.")
        .hangsUp();
  }

  private static CallScript finalNeverComes() {
    return open()
        .transcriberTakes(300)
        .remark(
            "the final does not come: what is provisional counts after the transcriber's p99 and 100 ms")
        .speaks("when do you open")
        .after(400)
        .isAnsweredWith(ANSWER)
        .hangsUp();
  }

  private static CallScript lateFinal() {
    return open()
        .transcriberTakes(300)
        .speaks("when do you")
        .after(500)
        .remark(
            "the final comes 100 ms after its turn was taken without it, and holds more: one turn, one reply")
        .finalText("when do you open")
        .flushed()
        .isAnsweredWith(ANSWER)
        .hangsUp();
  }

  private static CallScript duplicates() {
    return open()
        .says("when do you open")
        .remark("the same final again, and the same words under a new number: both are dropped")
        .after(100)
        .sameFinalAgain("when do you open")
        .finalText("when do you open")
        .isAnsweredWith(ANSWER)
        .hangsUp();
  }

  private static CallScript providerTurns() {
    return open("stt.cartesia.endpoint=turns")
        .remark("the transcriber decides when the caller is through")
        .after(40)
        .voiceBegins()
        .providerTurnStarts()
        .after(600)
        .voiceEnds()
        .after(400)
        .providerTurnEnds("when do you open")
        .isAnsweredWith(ANSWER)
        .hangsUp();
  }

  private static CallScript speculationUsed() {
    return open("turn.preemptive.enabled=true")
        .remark("at the release the model is asked with what is provisional; nothing is said yet")
        .speaks("when do you open")
        .after(80)
        .firstToken()
        .remark("the final is the same: the reply that was begun is used")
        .finalText("when do you open")
        .flushed()
        .after(200)
        .voices(ANSWER)
        .completes(ANSWER)
        .isHeard()
        .after(2100)
        .heardToTheEnd()
        .hangsUp();
  }

  private static CallScript speculationDiscarded() {
    return open("turn.preemptive.enabled=true")
        .speaks("when do you")
        .after(80)
        .completes("I do what?", lookup("early"))
        .remark("the final differs: what was begun is thrown away, its tool never ran")
        .finalText("when do you open")
        .flushed()
        .isAnsweredWith(ANSWER)
        .hangsUp();
  }

  private static CallScript filler() {
    CallScript call = open("turn.filler.after=800ms")
        .says("look up my order")
        .remark("800 ms without an answer: something to bridge the wait")
        .after(1000);
    return call.remark("the first sound of the answer takes its place")
        .isAnsweredWith("It has arrived.")
        .hangsUp();
  }

  private static CallScript tool() {
    return open()
        .says("where is my order")
        .after(300)
        .completes("", lookup("t1"))
        .remark("while the tool runs nobody is asked whether they are there")
        .after(12_000)
        .toolReturns("t1", "arrived")
        .isAnsweredWith("It has arrived.")
        .hangsUp();
  }

  private static CallScript toolInterrupted() {
    return open()
        .says("where is my order")
        .after(300)
        .completes("", lookup("t1"))
        .remark("the caller goes on while the tool runs: its call is answered as cancelled")
        .after(500)
        .says("the one from Monday")
        .remark("it ran all the same, and the model will know")
        .after(100)
        .toolReturns("t1", "arrived")
        .isAnsweredWith("It has arrived.")
        .hangsUp();
  }

  private static CallScript silence() {
    return CallScript.with("agent.greeting=Hello.")
        .starts()
        .isSaid()
        .remark("10 s after the greeting was heard, then again, then goodbye and the end")
        .after(10_000)
        .isSaid()
        .after(10_000)
        .isSaid()
        .after(10_000)
        .isSaid();
  }

  private static CallScript keys() {
    return open("turn.dtmf.length=4")
        .says("I have a number")
        .after(300)
        .writes("Please type your four digit number now, thank you.")
        .isHeard()
        .remark("a key silences the agent; four digits are complete")
        .after(900)
        .presses("1234")
        .isAnsweredWith("Thank you.")
        .remark("fewer, and the terminator")
        .after(500)
        .presses("56#")
        .isAnsweredWith("Thank you.")
        .remark("fewer, and two seconds of nothing")
        .after(500)
        .presses("7")
        .after(2000)
        .isAnsweredWith("Thank you.")
        .hangsUp();
  }

  private static CallScript keyActions() {
    return open("turn.dtmf.actions=0=I want to speak to a human,*=repeat,9=hangup")
        .presses("0")
        .isAnsweredWith("One moment please.")
        .remark("* says it again")
        .after(500)
        .presses("*")
        .isSaid()
        .remark("9 ends the call, when the goodbye was heard")
        .after(500)
        .presses("9")
        .isSaid();
  }

  private static CallScript goodbye() {
    return open()
        .says("that is all goodbye")
        .after(300)
        .voices("Thank you for calling.")
        .completes("Thank you for calling.", new ToolCall("e1", "end_call", "{}"))
        .isHeard()
        .remark("the line is kept until the last word was heard")
        .after(1200)
        .heardToTheEnd();
  }

  private static CallScript goodbyeInterrupted() {
    CallScript call = open()
        .says("that is all")
        .after(300)
        .voices("Thank you for calling.")
        .completes("Thank you for calling.", new ToolCall("e1", "end_call", "{}"))
        .isHeard()
        .remark("one more thing: whoever speaks is not hung up on")
        .after(600);
    return call.speaks("wait one more thing")
        .cleared(call.turn(), 640)
        .after(100)
        .finalText("wait one more thing")
        .flushed()
        .isAnsweredWith("Yes?")
        .hangsUp();
  }

  private static CallScript modelFails() {
    return open()
        .says("when do you open")
        .after(300)
        .modelFails("")
        .remark("an apology, and the caller may try again")
        .isSaid()
        .after(500)
        .says("when do you open please")
        .after(300)
        .modelFails("")
        .isSaid()
        .remark("the third time the call ends with a farewell")
        .after(500)
        .says("hello")
        .after(300)
        .modelFails("")
        .isSaid();
  }

  private static CallScript longestCall() {
    return open("limits.maxCallDuration=20s")
        .says("tell me a story")
        .after(300)
        .writes("Once upon a time there was a telephone in a quiet house.")
        .isHeard()
        .remark("whatever happens, the call ends at its limit")
        .after(20_000);
  }
}
