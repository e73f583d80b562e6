package io.voiceagent.cli.text;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallInfo;
import io.voiceagent.conversation.CallTime;
import io.voiceagent.conversation.Journals;
import io.voiceagent.turn.Timer;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnMachine;
import io.voiceagent.turn.TurnOptions;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Shows what the turn machine is fed, in which state that leaves it, and what it wants done. A second machine that is fed
 * the same knows the state.
 */
final class TextJournal implements Journals {
  private static final int WIDEST = 150;
  /** A person reads milliseconds. */
  private static final Pattern MICROS = Pattern.compile("(\\.\\d{3})\\d{3}s");

  private static final long END_MS = 2000;
  private static final Set<String> ANSWERED = Set.of("speaking", "listening");

  private final TurnOptions options;
  private final PrintWriter out;
  /** While one of these runs it is not decided yet what the agent does. */
  private static final Set<Timer> UNDECIDED =
      Set.of(Timer.ENDPOINT, Timer.FINAL_TRANSCRIPT, Timer.DIGITS, Timer.FALSE_INTERRUPTION);

  private final Set<Timer> running = EnumSet.noneOf(Timer.class);
  private String state = "";
  private int taken;
  private boolean over;

  TextJournal(TurnOptions options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  @Override
  public Journal open(CallInfo info, String context) {
    TurnMachine machine = new TurnMachine(options);
    machine.context(context);
    return new Journal() {
      private long start;

      @Override
      public void decided(TurnEvent event, List<TurnEffect> effects) {
        start = start == 0 ? event.at() : start;
        machine.on(event);
        show(event, effects, start, machine.state());
      }

      @Override
      public void close() {
        ended();
      }
    };
  }

  /** Waits until the agent has said all it has to say to the first {@code sounds}, or the call is over. */
  synchronized void awaitThrough(int sounds) throws InterruptedException {
    while (!over && (taken < sounds || !decided() || !state.equals("listening"))) {
      wait();
    }
  }

  /** Waits until the agent speaks in answer to them, or has nothing to say. */
  synchronized void awaitSpeaking(int sounds) throws InterruptedException {
    while (!over && (taken < sounds || !decided() || !ANSWERED.contains(state))) {
      wait();
    }
  }

  /** The last events of a call come at once. */
  synchronized void awaitEnd() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MS);
    for (long left = END_MS; !over && left > 0; left = millisUntil(until)) {
      wait(left);
    }
  }

  private static long millisUntil(long instant) {
    return TimeUnit.NANOSECONDS.toMillis(instant - System.nanoTime());
  }

  private void show(TurnEvent event, List<TurnEffect> effects, long start, String now) {
    Object shown = event instanceof TurnEvent.Happened happened ? happened.fact() : event;
    out.println("  " + MICROS.matcher(CallTime.of(event.at(), start)).replaceAll("$1s") + "  "
        + shortened(shown, start) + "  -> " + now);
    effects.forEach(effect -> out.println("                  " + shortened(effect, start)));
    out.flush();
    passed(event, shown, effects, now);
  }

  private synchronized void passed(
      TurnEvent event, Object shown, List<TurnEffect> effects, String now) {
    state = now;
    boolean sound = shown instanceof CallFact.TranscriptFlushed;
    taken += sound || shown instanceof CallFact.DigitPressed ? 1 : 0;
    if (event instanceof TurnEvent.TimerFired fired) {
      running.remove(fired.timer());
    }
    for (TurnEffect effect : effects) {
      if (effect instanceof TurnEffect.StartTimer start) {
        running.add(start.timer());
      } else if (effect instanceof TurnEffect.StopTimer stop) {
        running.remove(stop.timer());
      }
    }
    notifyAll();
  }

  private boolean decided() {
    return UNDECIDED.stream().noneMatch(running::contains);
  }

  private synchronized void ended() {
    over = true;
    notifyAll();
  }

  private static String shortened(Object shown, long start) {
    String text = shown instanceof TurnEffect.Generate generate
        ? "Generate[turn=" + generate.turn() + ", " + generate.dialogue().size() + " messages]"
        : MICROS.matcher(CallTime.text(shown, start)).replaceAll("$1s");
    return text.length() > WIDEST ? text.substring(0, WIDEST) + "..." : text;
  }
}
