package io.voiceagent.turn;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.CallFact;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Message;
import io.voiceagent.call.Segment;
import io.voiceagent.call.ToolCall;
import io.voiceagent.call.ToolResult;
import io.voiceagent.call.TurnId;
import io.voiceagent.call.TurnOutcome;
import io.voiceagent.config.Settings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Walks through calls in which anything may happen at any time: duplicates, losses, re-orderings, timers that come after
 * they were stopped. What must always hold is checked after every event. A failure names its seed.
 */
class RandomCallTest {
  private static final long MS = 1_000_000;
  /** More by hand: {@code -Dwalk.calls=100000}. */
  private static final int CALLS = Integer.getInteger("walk.calls", 2000);

  private static final int EVENTS = 150;

  @Test
  void whateverHappensTheCallStaysInOrder() {
    for (long seed = 0; seed < CALLS; seed++) {
      new Walk(seed, (before, event, after) -> {}).run();
    }
  }

  /** What an event did to the two floors. */
  interface Step {
    void took(String before, String event, String after);
  }

  static final class Walk {
    private final Step step;
    private final long seed;
    private final Random random;
    private final TurnMachine machine;
    private final Map<Timer, Long> timers = new EnumMap<>(Timer.class);
    private final List<Timer> ghosts = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final Set<TurnId> ordered = new HashSet<>();
    private final List<ToolCall> tools = new ArrayList<>();
    private TurnId newest = TurnId.NONE;
    private TurnId cancelled = TurnId.NONE;
    private int hangUps;
    private int turnsEnded;
    /** Generations that may still write. */
    private final Set<TurnId> generating = new HashSet<>();
    /** Generations of which nothing may be done yet. */
    private final Set<TurnId> held = new HashSet<>();
    /** Finals that were neither dropped nor too late. */
    private final Set<String> taken = new HashSet<>();

    private final Set<TurnId> voiceless = new HashSet<>();
    private final Set<String> provisional = new HashSet<>();
    private final Set<Integer> numbers = new HashSet<>(Set.of(0));
    private int seq;
    private int word;
    private long now;

    Walk(long seed, Step step) {
      this.step = step;
      this.seed = seed;
      this.random = new Random(seed);
      this.machine = new TurnMachine(TurnOptions.from(Settings.of(Map.of(
          "agent.greeting", seed % 3 == 0 ? " " : "hello there",
          "agent.greetingProtected", String.valueOf(seed % 5 == 0),
          "turn.bargeIn.minWords", String.valueOf(seed % 4 == 0 ? 2 : 0),
          "turn.filler.after", seed % 7 == 0 ? "100ms" : "0",
          "turn.preemptive.enabled", String.valueOf(seed % 2 == 0),
          "turn.bargeIn.neverInterrupts", seed % 8 == 0 ? "word1,word2,word3" : "",
          "turn.bargeIn.enabled", String.valueOf(seed % 11 != 0),
          "agent.notice", seed % 9 == 0 ? "this call is recorded" : "",
          "stt.cartesia.endpoint", seed % 6 == 0 ? "turns" : "manual"))));
    }

    void run() {
      feed(new TurnEvent.Started(now));
      for (int i = 0; i < EVENTS && !machine.ended(); i++) {
        now += random.nextInt(400) * MS;
        if (random.nextInt(4) == 0 && !timers.isEmpty()) {
          fireNext();
        } else {
          feed(new TurnEvent.Happened(fact()));
        }
        check();
      }
      // Whatever state it is in: time alone must bring the call to its end or back to listening.
      for (int i = 0; i < 200 && !machine.ended(); i++) {
        check();
        assertThat(timers).as(() -> explain("a state without a way out")).isNotEmpty();
        fireNext();
      }
      assertThat(machine.ended())
          .as(() -> explain("time alone ends every call"))
          .isTrue();
      feed(new TurnEvent.Happened(new CallFact.CarrierGone(now, "stop")));
      assertThat(hangUps).as(() -> explain("hang-ups")).isEqualTo(1);
      assertThat(timers.keySet()).as(() -> explain("timers after the end")).isEmpty();
      toolCallsAreAnswered();
      everyFinalIsInOneTurn();
    }

    private void fireNext() {
      if (!ghosts.isEmpty() && random.nextBoolean()) {
        // Stopped, but under way already.
        Timer ghost = ghosts.remove(0);
        if (timers.containsKey(ghost) && dueAt(ghost) <= now + 2 * MS) {
          timers.remove(ghost);
        }
        feed(new TurnEvent.TimerFired(now, ghost, newest));
        return;
      }
      Timer next = null;
      for (Timer timer : timers.keySet()) {
        if (next == null || dueAt(timer) < dueAt(next)) {
          next = timer;
        }
      }
      if (next != null) {
        now = Math.max(now, dueAt(next));
        timers.remove(next);
        feed(new TurnEvent.TimerFired(now, next, newest));
      }
    }

    private long dueAt(Timer timer) {
      return Objects.requireNonNull(timers.get(timer));
    }

    private CallFact fact() {
      TurnId turn = random.nextInt(5) == 0 || newest.value() == 0
          ? new TurnId(Math.max(1, newest.value() - random.nextInt(3)))
          : newest;
      return switch (random.nextInt(22)) {
        case 0, 1 -> new CallFact.SpeechStarted(now, now - 40 * MS);
        case 2 -> new CallFact.SpeechSustained(now, now - 120 * MS);
        case 3, 4 -> new CallFact.SpeechEnded(now, now - 200 * MS, 300);
        case 5 ->
          random.nextInt(4) == 0
              ? eager()
              : interim(random.nextBoolean() ? "maybe" + word : "word" + word);
        case 6, 7 ->
          new CallFact.FinalTranscript(
              now,
              random.nextInt(5) == 0 ? seq : ++seq,
              random.nextInt(6) == 0 ? "" : " word" + word++);
        case 8, 9 -> new CallFact.TranscriptFlushed(now, 10 * MS, 0);
        case 10 -> new CallFact.FirstToken(now, turn, 5 * MS);
        case 11 -> new CallFact.SegmentQueued(now, turn, 0, "one two three", MS);
        case 12 -> new CallFact.FirstAudio(now, turn, 5 * MS);
        case 13, 14 -> new CallFact.PlayoutStarted(now, turn);
        case 15 ->
          new CallFact.SegmentSpoken(now, new Segment(turn, 0, "one two three", 0, 900, List.of()));
        case 16 ->
          random.nextBoolean()
              ? new CallFact.PlayoutEnded(now, turn, 900, false)
              : new CallFact.Heard(now, turn, random.nextInt(900));
        case 17 -> completed(turn);
        case 18 ->
          random.nextBoolean()
              ? new CallFact.ReplyFailed(now, turn, random.nextBoolean() ? "" : "one", failure())
              : new CallFact.SpeechFailed(now, turn, "rest", failure());
        case 19 -> new CallFact.PlayoutCleared(now, turn, random.nextInt(900));
        case 20 ->
          tools.isEmpty() || random.nextInt(4) == 0
              ? new CallFact.DigitPressed(now, "0123456789*#".charAt(random.nextInt(12)))
              : new CallFact.ToolReturned(now, turn, result());
        default ->
          random.nextInt(60) == 0
              ? new CallFact.EndRequested(now, EndReason.OPERATOR)
              : new CallFact.ProviderTurnEnded(
                  now, ++seq, random.nextInt(4) == 0 ? "" : "word" + word++);
      };
    }

    /** Provisional words may be in a turn besides their final, when that comes as more speech. */
    private CallFact interim(String text) {
      provisional.add(text);
      return new CallFact.InterimTranscript(now, text, 0);
    }

    private CallFact eager() {
      provisional.add("word" + word);
      return random.nextBoolean()
          ? new CallFact.ProviderTurnEagerEnd(now, "word" + word, 0)
          : random.nextBoolean()
              ? new CallFact.ProviderTurnResumed(now, 0)
              : new CallFact.ProviderTurnStarted(now, 0);
    }

    private CallFact completed(TurnId turn) {
      if (random.nextInt(4) != 0) {
        return new CallFact.ReplyCompleted(
            now, turn, random.nextInt(8) == 0 ? "" : "one two three", List.of(), false);
      }
      ToolCall call = new ToolCall(
          "call" + word++, random.nextInt(6) == 0 ? TurnMachine.END_CALL : "lookup", "{}");
      return new CallFact.ReplyCompleted(
          now, turn, random.nextBoolean() ? "" : "one", List.of(call), false);
    }

    private ToolResult result() {
      ToolCall call = tools.get(random.nextInt(tools.size()));
      return new ToolResult(call.id(), call.name(), "42", false);
    }

    private Failure failure() {
      return new Failure(
          Failure.Stage.LLM,
          random.nextInt(10) == 0 ? Failure.Kind.UNAUTHORIZED : Failure.Kind.TIMEOUT,
          "seeded");
    }

    private void feed(TurnEvent event) {
      history.add(event.toString());
      boolean before = machine.ended();
      String floors = floors();
      List<TurnEffect> effects = machine.on(event);
      if (event instanceof TurnEvent.Happened happened) {
        facts(happened.fact(), effects, before);
      }
      step.took(floors, name(event), floors());
      for (TurnEffect effect : effects) {
        history.add("    " + effect);
        took(effect);
        if (before) {
          assertThat(effect)
              .as(() -> explain("after the end only drops are counted"))
              .isInstanceOfAny(TurnEffect.LateDropped.class, TurnEffect.DuplicateDropped.class);
        }
      }
    }

    private String floors() {
      return "caller " + machine.caller() + ", agent " + machine.agent();
    }

    private static String name(TurnEvent event) {
      if (event instanceof TurnEvent.Happened happened) {
        return happened.fact().getClass().getSimpleName();
      }
      return event instanceof TurnEvent.TimerFired fired
          ? fired.timer().name()
          : event.getClass().getSimpleName();
    }

    private void took(TurnEffect effect) {
      if (effect instanceof TurnEffect.StartTimer start) {
        assertThat(start.dueAt())
            .as(() -> explain("a timer in the past"))
            .isGreaterThanOrEqualTo(now);
        timers.put(start.timer(), start.dueAt());
      } else if (effect instanceof TurnEffect.StopTimer stop) {
        timers.remove(stop.timer());
        if (random.nextInt(10) == 0) {
          ghosts.add(stop.timer());
        }
      } else if (effect instanceof TurnEffect.Generate generate) {
        ordered(generate.turn());
        validForTheModel(generate.dialogue());
        assertThat(generating).as(() -> explain("two live generations")).isEmpty();
        generating.add(generate.turn());
        if (generate.held()) {
          held.add(generate.turn());
        }
      } else if (effect instanceof TurnEffect.CommitReply commit) {
        assertThat(held.remove(commit.turn()))
            .as(() -> explain("committed what was not held"))
            .isTrue();
      } else if (effect instanceof TurnEffect.Say say) {
        ordered(say.turn());
        assertThat(say.text()).as(() -> explain("nothing to say")).isNotBlank();
      } else if (effect instanceof TurnEffect.Cancel cancel) {
        cancelled = cancel.turn().isAfter(cancelled) ? cancel.turn() : cancelled;
        generating.removeIf(turn -> !turn.isAfter(cancelled));
        held.removeIf(turn -> !turn.isAfter(cancelled));
      } else if (effect instanceof TurnEffect.HangUp) {
        hangUps++;
      } else if (effect instanceof TurnEffect.RunTool run) {
        assertThat(held).as(() -> explain("a tool of a guess")).doesNotContain(run.turn());
        tools.add(run.call());
      } else if (effect instanceof TurnEffect.TurnEnded ended
          && ended.outcome() != TurnOutcome.NO_SPEECH) {
        turnsEnded++;
      }
    }

    /** What is counted as late or as a duplicate is just what the contract calls so. */
    private void facts(CallFact fact, List<TurnEffect> effects, boolean ended) {
      long late =
          effects.stream().filter(TurnEffect.LateDropped.class::isInstance).count();
      long again =
          effects.stream().filter(TurnEffect.DuplicateDropped.class::isInstance).count();
      assertThat(late + again).as(() -> explain("dropped once " + fact)).isLessThanOrEqualTo(1);
      if (fact instanceof CallFact.OfTurn of && !(fact instanceof CallFact.PlayoutCleared)) {
        boolean over = ended || !of.turn().isAfter(cancelled) || of.turn().isAfter(newest);
        if (fact instanceof CallFact.SpeechFailed) {
          // Cancelled upstream, while what the carrier has is still being heard.
          voiceless.add(of.turn());
        }
        if (over && !(fact instanceof CallFact.ToolReturned) && !voiceless.contains(of.turn())) {
          assertThat(late).as(() -> explain("late and not counted " + fact)).isEqualTo(1);
        }
      } else if (!ended) {
        assertThat(late).as(() -> explain("not late " + fact)).isZero();
      }
      if (fact instanceof CallFact.ReplyCompleted || fact instanceof CallFact.ReplyFailed) {
        generating.remove(((CallFact.OfTurn) fact).turn());
      }
      if (fact instanceof CallFact.FinalTranscript heard && !ended) {
        accepted(heard.seq(), heard.text(), again);
      } else if (fact instanceof CallFact.ProviderTurnEnded heard && !ended) {
        accepted(heard.seq(), heard.text(), again);
      }
    }

    private void accepted(int number, String text, long again) {
      boolean repeated = !numbers.add(number);
      if (repeated) {
        assertThat(again).as(() -> explain("a final twice: " + number)).isEqualTo(1);
      }
      if (again == 0 && !text.isBlank()) {
        taken.add(text.strip());
      }
    }

    /** Each final is in one turn, or waits for the next. */
    private void everyFinalIsInOneTurn() {
      Map<String, Integer> found = new HashMap<>();
      List<String> texts = new ArrayList<>(List.of(machine.pending()));
      int turns = 0;
      for (Message message : machine.history()) {
        if (message instanceof Message.User user) {
          texts.add(user.text());
          turns++;
        }
      }
      for (String text : texts) {
        for (String one : text.split("\\s+")) {
          found.merge(one, 1, Integer::sum);
        }
      }
      taken.removeAll(provisional);
      for (String one : taken) {
        assertThat(found.getOrDefault(one, 0))
            .as(() -> explain("turns with " + one))
            .isEqualTo(1);
      }
      assertThat(turnsEnded).as(() -> explain("turns of the caller that ended")).isEqualTo(turns);
    }

    private void ordered(TurnId turn) {
      assertThat(turn.isAfter(newest)).as(() -> explain("turns count up")).isTrue();
      assertThat(ordered.add(turn)).as(() -> explain("a turn is ordered once")).isTrue();
      newest = turn;
    }

    private void check() {
      assertThat(hangUps).as(() -> explain("hang-ups")).isLessThanOrEqualTo(1);
      if (machine.ended()) {
        return;
      }
      AgentFloor agent = machine.agent();
      boolean hasWayOut = switch (agent) {
        case THINKING ->
          timers.containsKey(Timer.THINKING)
              || timers.containsKey(Timer.PLAYOUT)
              || timers.containsKey(Timer.HANG_UP);
        case SPEAKING -> timers.containsKey(Timer.PLAYOUT);
        case CLOSING -> timers.containsKey(Timer.HANG_UP);
        case IDLE ->
          timers.keySet().stream()
              .anyMatch(timer ->
                  timer != Timer.MAX_CALL && timer != Timer.THINKING && timer != Timer.PLAYOUT);
        case ENDED -> true;
      };
      assertThat(hasWayOut)
          .as(() -> explain(
              "no way out of " + agent + "/" + machine.caller() + " with " + timers.keySet()))
          .isTrue();
    }

    /** A tool call is followed by its results at once, and there are no results without a call. */
    private void validForTheModel(List<Message> dialogue) {
      Set<String> open = new HashSet<>();
      for (Message message : dialogue) {
        if (message instanceof Message.Tool tool) {
          assertThat(open.remove(tool.result().callId()))
              .as(() -> explain("a tool result without its call"))
              .isTrue();
        } else {
          assertThat(open).as(() -> explain("a tool call without its result")).isEmpty();
          if (message instanceof Message.Assistant said) {
            said.toolCalls().forEach(call -> open.add(call.id()));
          }
        }
      }
      assertThat(open).as(() -> explain("a tool call without its result")).isEmpty();
    }

    private void toolCallsAreAnswered() {
      Set<String> open = new HashSet<>();
      for (Message message : machine.history()) {
        if (message instanceof Message.Assistant said) {
          said.toolCalls().forEach(call -> open.add(call.id()));
        } else if (message instanceof Message.Tool tool) {
          open.remove(tool.result().callId());
        }
      }
      assertThat(open).as(() -> explain("unanswered tool calls")).isEmpty();
    }

    private String explain(String what) {
      int from = Math.max(0, history.size() - 40);
      return what + ", seed " + seed + "\n"
          + String.join("\n", history.subList(from, history.size()));
    }
  }
}
