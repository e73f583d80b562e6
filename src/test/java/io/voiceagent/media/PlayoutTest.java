package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlayoutTest {
  private static final long MS = 1_000_000;
  private static final TurnId T1 = new TurnId(1);
  private static final TurnId T2 = new TurnId(2);

  private final List<String> wire = new ArrayList<>();
  private final List<String> facts = new ArrayList<>();
  private int sent;
  private long dropped;
  private final Playout playout = new Playout(
      Duration.ofMillis(400),
      Duration.ofMillis(100),
      Duration.ofSeconds(2),
      new Playout.Wire() {
        @Override
        public void media(byte[] mulaw, int from, int length) {
          sent += length / 8;
          wire.add("media " + length / 8 + " of " + mulaw[from]);
        }

        @Override
        public void mark(String name) {
          wire.add("mark " + name);
        }

        @Override
        public void clear() {
          wire.add("clear");
        }
      },
      new Playout.Listener() {
        @Override
        public void started(TurnId turn) {
          facts.add("started " + turn);
        }

        @Override
        public void heard(TurnId turn, int heardMs) {
          facts.add("heard " + turn + " " + heardMs);
        }

        @Override
        public void ended(TurnId turn, int heardMs, boolean estimated) {
          facts.add("ended " + turn + " " + heardMs + (estimated ? " estimated" : ""));
        }

        @Override
        public void cleared(TurnId turn, int heardMs) {
          facts.add("cleared " + turn + " " + heardMs);
        }

        @Override
        public void dropped(long bytes) {
          dropped += bytes;
        }
      });

  @Test
  void r13_theLastHopDropsWhatIsNotOfTheCurrentTurnAndCountsIt() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 1000), 0);
    playout.clear(T1, 100 * MS);
    assertThat(dropped).as("what waited").isEqualTo((1000 - sent) * 8L).isPositive();

    playout.audio(T1, sound(1, 50), 110 * MS);
    playout.begin(T1);
    playout.audio(T1, sound(1, 50), 120 * MS);
    assertThat(dropped).as("what came late").isEqualTo((1000 - sent + 100) * 8L);

    playout.begin(T2);
    playout.audio(T2, sound(2, 50), 130 * MS);
    assertThat(wire.subList(wire.indexOf("clear") + 1, wire.size()))
        .containsExactly("media 50 of 2");
    assertThat(dropped).isEqualTo((1000 - (sent - 50) + 100) * 8L);
  }

  /** Its order had waited in a network that was cut. */
  @Test
  void theAnswerOfAnEarlierTurnThatComesLateIsNotHeard() {
    playout.begin(T2);
    playout.audio(T2, new byte[800], 0);
    assertThat(playout.admits(T2)).as("the same again, by another voice").isTrue();
    assertThat(playout.admits(T1)).isFalse();

    playout.begin(T1);

    assertThat(playout.audio(T1, new byte[800], 0)).isFalse();
    assertThat(dropped).isEqualTo(800);
    assertThat(facts).containsExactly("started t2");
  }

  @Test
  void aFillerIsCutByTheFirstSoundOfTheAnswer() {
    playout.begin(T2, true);
    playout.audio(T2, sound(2, 300), 0);
    playout.begin(T1);
    playout.audio(T1, sound(1, 100), 100 * MS);

    assertThat(wire).containsSubsequence("clear", "media 100 of 1");
    assertThat(wire.subList(wire.indexOf("clear"), wire.size()))
        .noneMatch(sent -> sent.endsWith("of 2"));
    assertThat(facts).containsExactly("started t2", "cleared t2 100", "started t1");
    assertThat(playout.audio(T2, sound(2, 20), 110 * MS)).isFalse();
  }

  @Test
  void aFillerThatWasNotHeardYetIsDroppedWithoutAClear() {
    playout.hold(50 * MS, 0);
    playout.begin(T2, true);
    playout.audio(T2, sound(2, 300), 0);
    playout.begin(T1);
    playout.audio(T1, sound(1, 100), 60 * MS);

    assertThat(wire).containsExactly("media 100 of 1");
  }

  @Test
  void aFillerNeverCutsWhatIsBeingHeard() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 300), 0);
    playout.begin(T2, true);
    playout.audio(T2, sound(2, 100), 10 * MS);
    playout.audio(T1, sound(1, 100), 20 * MS);

    assertThat(wire).allMatch(sent -> sent.endsWith("of 1"));
    assertThat(facts).containsExactly("started t1", "cleared t2 0");
  }

  @Test
  void whatHasNotBegunWaitsWhileTheCallerMaySpeak() {
    playout.hold(500 * MS, 0);
    playout.begin(T1);
    playout.audio(T1, sound(1, 100), 0);
    playout.tick(480 * MS);
    assertThat(wire).isEmpty();
    assertThat(playout.busy()).isTrue();

    playout.tick(500 * MS);
    assertThat(wire).containsExactly("media 100 of 1");
  }

  @Test
  void aHoldDoesNotStopWhatIsBeingHeardAndCanBeLifted() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 100), 0);
    playout.hold(500 * MS, 10 * MS);
    playout.audio(T1, sound(1, 100), 20 * MS);
    assertThat(wire).hasSize(2);

    playout.begin(T2);
    playout.audio(T2, sound(2, 100), 30 * MS);
    assertThat(wire).hasSize(2);
    playout.hold(0, 40 * MS);
    assertThat(wire).hasSize(3);
  }

  @Test
  void theFirstSoundLeavesAtOnceAndNoMoreThanTheLeadIsAhead() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 20), 0);
    assertThat(wire).containsExactly("media 20 of 1");

    playout.audio(T1, sound(1, 5000), 0);
    for (long at = 0; at <= 2000; at += 20) {
      playout.tick(at * MS);
      assertThat(sent).isBetween((int) Math.min(at, 5020), (int) at + 520);
    }
  }

  @Test
  void marksProveWhatWasHeard() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 300), 0);
    playout.segmentEnd(segment(0), 0);
    playout.audio(T1, sound(1, 100), 0);
    playout.end(T1, 0);
    playout.tick(200 * MS);

    playout.markPlayed(mark(0), 310 * MS);
    assertThat(facts).containsExactly("started t1", "heard t1 300");
    playout.markPlayed(mark(1), 420 * MS);
    assertThat(facts).endsWith("ended t1 400");
    assertThat(playout.busy()).isFalse();
  }

  @Test
  void aClearSaysWhatWasHeardAndNothingOldFollows() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 3000), 0);
    playout.segmentEnd(segment(0), 0);
    playout.tick(100 * MS);
    playout.clear(T1, 150 * MS);

    assertThat(facts).containsExactly("started t1", "cleared t1 150");
    int after = wire.size();
    assertThat(playout.audio(T1, sound(1, 100), 160 * MS)).isFalse();
    playout.end(T1, 160 * MS);
    playout.tick(500 * MS);
    assertThat(wire).hasSize(after);

    playout.begin(T2);
    playout.audio(T2, sound(2, 100), 600 * MS);
    assertThat(wire).endsWith("media 100 of 2");
  }

  @Test
  void marksThatNeverComeAreEstimated() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 200), 0);
    playout.end(T1, 0);
    playout.tick(2100 * MS);
    assertThat(facts).containsExactly("started t1");
    playout.tick(2300 * MS);
    assertThat(facts).endsWith("ended t1 200 estimated");
  }

  @Test
  void anUtteranceWithoutSoundEndsWithoutACarrier() {
    playout.begin(T1);
    playout.end(T1, 0);
    assertThat(facts).containsExactly("ended t1 0");
    assertThat(wire).isEmpty();
  }

  /** Ten thousand interruptions at any moment: no byte of an old reply after its clear. */
  @Test
  void noByteOfAnOldReplyFollowsItsClear() {
    Random random = new Random(42);
    long now = 0;
    for (int i = 1; i <= 10_000; i++) {
      TurnId turn = new TurnId(i);
      byte tag = (byte) (i % 100);
      playout.begin(turn);
      for (int n = random.nextInt(6); n >= 0; n--) {
        playout.audio(turn, sound(tag, 1 + random.nextInt(900)), now);
        if (random.nextBoolean()) {
          playout.segmentEnd(new Segment(turn, n, "", 0, 0, List.of()), now);
        }
        now += random.nextInt(300) * MS;
        playout.tick(now);
      }
      if (random.nextBoolean()) {
        playout.end(turn, now);
      }
      playout.clear(turn, now);
      wire.clear();
      playout.audio(turn, sound(tag, 500), now);
      playout.tick(now + 20 * MS);
      assertThat(wire).as("interruption %d", i).isEmpty();
    }
  }

  @Test
  void soundThatIsTakenBackIsNotSentWhenThereIsStillTime() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 700), 0);
    playout.audio(T1, sound(2, 300), 0);

    playout.takeBack(T1, 340 * 8);
    playout.audio(T1, sound(3, 200), 0);
    playout.end(T1, 0);
    playout.tick(2000 * MS);

    assertThat(wire).noneMatch(line -> line.endsWith("of 2"));
    assertThat(sent).isEqualTo(700 - 40 + 200);
    playout.markPlayed(mark(0), 2000 * MS);
    assertThat(facts).contains("ended t1 860");
    assertThat(dropped).as("of what is over").isZero();
  }

  @Test
  void soundThatIsTakenBackTooLateIsNoPartOfWhatWasSaid() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 500), 0);
    playout.tick(200 * MS);
    assertThat(sent).isEqualTo(500);

    playout.takeBack(T1, 100 * 8);
    playout.audio(T1, sound(3, 200), 200 * MS);
    playout.end(T1, 200 * MS);
    playout.tick(400 * MS);
    playout.markPlayed(mark(0), 700 * MS);

    assertThat(sent).isEqualTo(700);
    assertThat(facts).contains("ended t1 600");
  }

  @Test
  void howMuchWasHeardIsRightBeforeAndBehindSoundThatWasTakenBackTooLate() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 400), 0);
    playout.takeBack(T1, 100 * 8);
    playout.clear(T1, 250 * MS);
    assertThat(facts).contains("cleared t1 250");

    playout.begin(T2);
    playout.audio(T2, sound(1, 400), 300 * MS);
    playout.takeBack(T2, 100 * 8);
    playout.audio(T2, sound(3, 200), 300 * MS);
    playout.tick(500 * MS);
    playout.clear(T2, 850 * MS);
    assertThat(facts).contains("cleared t2 450");
  }

  @Test
  void whatWasTakenBackOnceStaysSoWhenMoreIsTakenBack() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 400), 0);
    playout.takeBack(T1, 100 * 8);
    playout.audio(T1, sound(2, 400), 0);
    playout.tick(400 * MS);
    assertThat(sent).isEqualTo(800);
    playout.audio(T1, sound(3, 200), 400 * MS);
    playout.takeBack(T1, 200 * 8);

    playout.clear(T1, 700 * MS);

    assertThat(facts).contains("cleared t1 600");
  }

  @Test
  void eachSoundThatIsTakenBackTooLateIsMissingWhereItWas() {
    playout.begin(T1);
    playout.audio(T1, sound(1, 400), 0);
    playout.takeBack(T1, 100 * 8);
    playout.audio(T1, sound(2, 400), 0);
    playout.tick(400 * MS);
    assertThat(sent).isEqualTo(800);
    playout.takeBack(T1, 100 * 8);

    playout.clear(T1, 600 * MS);

    assertThat(facts).contains("cleared t1 500");
  }

  private String mark(int index) {
    return wire.stream()
        .filter(line -> line.startsWith("mark "))
        .toList()
        .get(index)
        .substring(5);
  }

  private static Segment segment(int index) {
    return new Segment(T1, index, "", 0, 0, List.of());
  }

  private static byte[] sound(int tag, int ms) {
    byte[] sound = new byte[ms * 8];
    java.util.Arrays.fill(sound, (byte) tag);
    return sound;
  }
}
