package io.voiceagent.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A human on the line: follows a {@link Scenario}, hears every word. */
public final class SimulatedCaller implements Pacer.Paced, CarrierLine.Listener {
  private enum Step {
    CONNECTING,
    GREETING,
    THINKING,
    TALKING,
    AWAITING,
    LISTENING,
    LEAVING,
    OVER
  }

  /** A pause this long after the agent's words means that it is through. */
  private static final long THROUGH_MS = 400;

  /** Longest answer that is listened to. */
  private static final long LONGEST_MS = 60_000;

  private static final int MAX_WARNINGS = 20;
  /** Messages that a slow carrier takes at a time. */
  private static final int SLOW_READ = 5;

  private final CarrierSimulator carrier;
  private final String sid;
  private final CarrierLine wire;
  private final Scenario scenario;
  private final Set<String> ownWords;
  private final CallerListener listener;
  private final CallerMouth mouth;
  private final CallerEar ear;
  private final Promise<CallResult> result = Promise.promise();
  private final List<CallResult.Turn> turns = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final long startedAt = System.nanoTime();
  private double connectMs = -1;
  private long received;

  private Step step = Step.CONNECTING;
  private String greeting = "";
  private long stepAt = startedAt;
  private int line;
  private Exchange exchange;
  private long lastVoiceAt;
  private long readAgainAt;

  SimulatedCaller(
      CarrierSimulator carrier,
      CarrierLine.Call call,
      Scenario scenario,
      CallerListener listener,
      boolean record) {
    this.carrier = carrier;
    this.sid = call.sid();
    this.wire = new CarrierLine(carrier, call, this);
    this.scenario = scenario;
    this.listener = listener;
    this.mouth = new CallerMouth(scenario.noise(), sid.hashCode());
    this.ear = new CallerEar(scenario.marks() ? wire::mark : name -> {}, listener::hears, record);
    this.exchange = Exchange.greeting(ear);
    this.ownWords = scenario.answerWords();
  }

  public Future<CallResult> result() {
    return result.future();
  }

  public String callSid() {
    return sid;
  }

  /** What was heard, mu-law 8 kHz; empty unless asked for. */
  public byte[] recording() {
    return ear.recording();
  }

  /** Says something besides the lines of the scenario, whatever the agent is doing. From any thread. */
  public void interject(String text) {
    carrier.onLoop(() -> mouth.say(text));
  }

  /** Makes a loud sound that is no word. From any thread. */
  public void cough(long ms) {
    carrier.onLoop(() -> mouth.cough(ms));
  }

  /** Ends the call now, as the caller's hanging up does. From any thread. */
  public void hangUp() {
    carrier.onLoop(this::leave);
  }

  void start() {
    wire.start();
  }

  @Override
  public void opened(WebSocket socket) {
    if (scenario.slowReader() > 0) {
      socket.pause();
    }
    if (step == Step.CONNECTING) {
      connectMs = (System.nanoTime() - startedAt) / 1e6;
      listener.connected(sid);
      enter(Step.GREETING);
    }
  }

  @Override
  public void broken() {
    ear.clear();
  }

  @Override
  public void hungUp() {
    over(step == Step.LEAVING || line >= scenario.lines().size() ? "" : "the agent hung up");
  }

  @Override
  public void failed(String problem) {
    over(problem);
  }

  /** Every 20 ms: one frame out, 20 ms of the agent's voice played. */
  @Override
  public boolean tick(long now) {
    if (step == Step.OVER) {
      return false;
    }
    WebSocket open = wire.open();
    if (open == null) {
      return true;
    }
    boolean voiced = mouth.speaking();
    wire.media(mouth.frame());
    if (voiced) {
      lastVoiceAt = now;
    }
    ear.tick();
    if (scenario.slowReader() > 0 && now > readAgainAt) {
      open.fetch(SLOW_READ);
      readAgainAt = now + scenario.slowReader() * 1_000_000L;
    }
    act(now);
    return true;
  }

  private void act(long now) {
    long inStep = (now - stepAt) / 1_000_000;
    switch (step) {
      case GREETING -> {
        boolean silent = exchange.heard() == 0;
        boolean through = !silent && ear.quietMs() > THROUGH_MS;
        if (through || silent && inStep > scenario.greetingMs() || inStep > LONGEST_MS) {
          greeted();
          enter(Step.THINKING);
        }
      }
      case THINKING -> {
        if (scenario.lines().isEmpty() && !hasNext()) {
          enter(Step.LEAVING);
        } else if (inStep >= scenario.thinkMs() && !scenario.lines().isEmpty()) {
          speak(false);
        }
      }
      case TALKING -> {
        if (!mouth.speaking()) {
          enter(Step.AWAITING);
        }
      }
      case AWAITING -> {
        if (exchange.answerBegan()) {
          enter(Step.LISTENING);
        } else if (inStep > scenario.answerMs()) {
          answered(false);
        }
      }
      case LISTENING -> listening(inStep);
      case LEAVING -> {
        if (inStep > 200) {
          leave();
        }
      }
      default -> {}
    }
  }

  private void listening(long inStep) {
    boolean interrupt =
        scenario.bargeIn() && hasNext() && exchange.heard() >= scenario.bargeInAfterWords();
    boolean through = exchange.complete() && ear.quietMs() > 60 || ear.quietMs() > 2500;
    if (interrupt) {
      answered(true);
      speak(true);
    } else if (through || inStep > LONGEST_MS) {
      answered(false);
    }
  }

  private String current() {
    return scenario.lines().get((line - 1) % scenario.lines().size());
  }

  private boolean hasNext() {
    return line < scenario.lines().size()
        || scenario.holdMs() > 0 && (System.nanoTime() - startedAt) / 1_000_000 < scenario.holdMs();
  }

  private void speak(boolean over) {
    line++;
    exchange = Exchange.of(ear, current(), ownWords, over);
    mouth.say(current());
    listener.says(current());
    enter(Step.TALKING);
  }

  private void answered(boolean cutOff) {
    ended(cutOff);
    if (cutOff) {
      return;
    }
    if (hasNext()) {
      enter(Step.THINKING);
    } else {
      for (int i = 0; i < scenario.digits().length(); i++) {
        wire.digit(scenario.digits().charAt(i));
      }
      enter(Step.LEAVING);
    }
  }

  @Override
  public void media(byte[] mulaw) {
    if (exchange.media(mulaw, mouth.speaking())) {
      // The agent was silenced and has not heard the end of what it is to answer.
      warning("sound after clear");
    }
    received++;
    ear.media(mulaw, step == Step.LISTENING && exchange.midAnswer());
  }

  @Override
  public void mark(String name) {
    ear.mark(name);
  }

  @Override
  public void clear() {
    exchange.clear();
    ear.clear();
  }

  @Override
  public void warning(String what) {
    if (warnings.size() < MAX_WARNINGS) {
      warnings.add(what);
    }
  }

  private void leave() {
    if (step == Step.OVER) {
      return;
    }
    if (!scenario.abrupt()) {
      wire.stop();
    }
    over("");
  }

  private void over(String why) {
    if (step == Step.OVER) {
      return;
    }
    if (step == Step.AWAITING || step == Step.LISTENING || step == Step.TALKING) {
      ended(true);
    }
    if (step == Step.GREETING) {
      greeted();
    }
    step = Step.OVER;
    carrier.gone(this);
    CallResult done = new CallResult(
        sid,
        greeting,
        turns,
        ear.gaps(),
        ear.longestGapMs(),
        ear.garbled(),
        why,
        connectMs,
        wire.reconnects(),
        received,
        warnings);
    // Who looks at the service next shall find what the carrier tells it at the end.
    wire.close().onComplete(told -> result.complete(done));
  }

  private void greeted() {
    greeting = exchange.text();
    listener.greeted(greeting);
  }

  private void ended(boolean cutOff) {
    CallResult.Turn turn = exchange.turn(cutOff, lastVoiceAt);
    turns.add(turn);
    listener.answered(turn);
  }

  private void enter(Step next) {
    step = next;
    stepAt = System.nanoTime();
  }
}
