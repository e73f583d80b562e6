package io.voiceagent.stt;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.audio.AudioFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AudioLogTest {
  private final AudioPages pages = new AudioPages();
  private final AudioLog log = new AudioLog(pages, 160 * 10);

  @Test
  void aNewSocketIsToldEverythingSinceTheLastAnswerInItsOldOrder() {
    add(1, 2);
    log.addFinalize(7);
    add(3, 4);
    log.addFinalize(8);
    giveAll();
    assertThat(log.flushed()).isEqualTo(7);

    log.rewind();

    assertThat(giveAll()).containsExactly("3", "4", "finalize");
    assertThat(log.flushed()).isEqualTo(8);
    assertThat(log.flushed()).isZero();
    assertThat(log.givenBytes()).isZero();
  }

  @Test
  void whatIsGivenAgainIsKnownToBe() {
    add(1);
    giveAll();
    log.rewind();
    add(2);

    assertThat(Objects.requireNonNull(log.peek()).repeated()).isTrue();
    log.gave(0);
    assertThat(Objects.requireNonNull(log.peek()).repeated()).isFalse();
  }

  @Test
  void theOldestWaitingAudioGoesFirstAndFinalizesStay() {
    add(1, 2, 3);
    log.addFinalize(9);
    add(4);

    assertThat(log.dropWaiting(160 * 2)).isEqualTo(2);
    assertThat(giveAll()).containsExactly("3", "finalize", "4");
  }

  @Test
  void r41_whatIsKeptOfThePastIsBounded() {
    for (int i = 0; i < 1000; i++) {
      add(i);
      giveAll();
    }
    assertThat(log.givenBytes()).isEqualTo(1600);
  }

  @Test
  void coveredAudioDoesNotReachBeyondAnUnansweredFinalize() {
    add(1);
    log.addFinalize(5);
    add(2);
    giveAll();
    log.covered(10_000_000_000L);

    log.rewind();
    assertThat(giveAll()).containsExactly("finalize", "2");
  }

  @Test
  void whatWasGivenInABurstCountsAsHeardNoFasterThanOneSpeaks() {
    add(1, 2, 3, 4);
    giveAll();

    log.covered(41_000_000);

    assertThat(log.givenBytes()).as("of 80 ms given at once 40 may be heard").isEqualTo(160);
  }

  @Test
  void everyByteComesBackInItsPlaceWhateverWasGivenLostAndDroppedBefore() {
    for (int seed = 0; seed < 200; seed++) {
      Walk walk = new Walk(new Random(seed));
      for (int step = 0; step < 500; step++) {
        walk.step();
      }
      walk.log.rewind();
      walk.model.rewind();
      walk.giveAll();
    }
  }

  @Test
  void theMemoryOfACallIsTheNextOnes() {
    for (int call = 0; call < 100; call++) {
      AudioLog one = new AudioLog(pages, 160_000);
      for (int i = 0; i < 500; i++) {
        one.add(new AudioFrame(new byte[160], i));
      }
      one.close();
    }
    assertThat(pages.free()).isEqualTo((500 * 160 + AudioPages.BYTES - 1) / AudioPages.BYTES);
  }

  /** A log and what it must do, said as simply as it can be. */
  private final class Walk {
    final AudioLog log = new AudioLog(pages, 1_000_000);
    final Model model = new Model();
    private final Random random;
    private int added;

    Walk(Random random) {
      this.random = random;
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0 -> {
          log.addFinalize(++added);
          model.waiting.add(new Item(added, new byte[0]));
        }
        case 1 -> {
          log.rewind();
          model.rewind();
        }
        case 2 -> assertThat(log.flushed()).isEqualTo(model.flushed());
        case 3 -> {
          int limit = random.nextInt(6000);
          assertThat(log.dropWaiting(limit)).isEqualTo(model.drop(limit));
        }
        case 4 -> giveAll();
        case 5, 6, 7 -> give();
        default -> {
          byte[] sound = new byte[1 + random.nextInt(400)];
          random.nextBytes(sound);
          log.add(new AudioFrame(sound, ++added));
          model.waiting.add(new Item(added, sound));
        }
      }
      assertThat(log.waitingBytes()).isEqualTo(bytes(model.waiting));
      assertThat(log.givenBytes()).isEqualTo(bytes(model.given));
      assertThat(log.finalizing()).isEqualTo(model.given.stream().anyMatch(Item::finalizes));
    }

    void giveAll() {
      while (!model.waiting.isEmpty()) {
        give();
      }
      assertThat(log.peek()).isNull();
    }

    private void give() {
      AudioLog.Entry entry = log.peek();
      Item expected = model.waiting.poll();
      if (expected == null) {
        assertThat(entry).isNull();
        return;
      }
      AudioFrame frame = Objects.requireNonNull(entry).frame();
      assertThat(frame == null).isEqualTo(expected.finalizes());
      if (frame != null) {
        assertThat(frame.at()).isEqualTo(expected.at);
        assertThat(frame.bytes()).isEqualTo(expected.sound);
      }
      log.gave(0);
      model.given.add(expected);
    }
  }

  private record Item(long at, byte[] sound) {
    boolean finalizes() {
      return sound.length == 0;
    }
  }

  private static final class Model {
    final ArrayDeque<Item> given = new ArrayDeque<>();
    final ArrayDeque<Item> waiting = new ArrayDeque<>();

    void rewind() {
      while (!given.isEmpty()) {
        waiting.push(given.removeLast());
      }
    }

    long flushed() {
      while (given.stream().anyMatch(Item::finalizes)) {
        Item oldest = given.remove();
        if (oldest.finalizes()) {
          return oldest.at;
        }
      }
      return 0;
    }

    int drop(int limit) {
      int dropped = 0;
      for (Iterator<Item> all = waiting.iterator(); all.hasNext() && bytes(waiting) > limit; ) {
        if (!all.next().finalizes()) {
          all.remove();
          dropped++;
        }
      }
      return dropped;
    }
  }

  private static int bytes(ArrayDeque<Item> items) {
    return items.stream().mapToInt(item -> item.sound.length).sum();
  }

  private void add(int... frames) {
    for (int frame : frames) {
      byte[] bytes = new byte[160];
      log.add(new AudioFrame(bytes, frame));
    }
  }

  private List<String> giveAll() {
    List<String> given = new ArrayList<>();
    for (AudioLog.Entry entry = log.peek(); entry != null; entry = log.peek()) {
      AudioFrame frame = entry.frame();
      given.add(frame == null ? "finalize" : String.valueOf(frame.at()));
      log.gave(0);
    }
    return given;
  }
}
