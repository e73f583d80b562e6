package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.audio.AudioFrame;
import io.voiceagent.call.Segment;
import io.voiceagent.call.TurnId;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The playout as the carrier sees it: which bytes, when, and whether it ever ran dry. */
class PlayoutPacingTest {
  private static final long MS = 1_000_000;
  private static final TurnId TURN = new TurnId(1);

  /** A carrier that plays eight bytes per millisecond from the first sound on. */
  private static final class Carrier implements Playout.Wire {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private long now;
    private long playsUntil = -1;
    private long dry;

    @Override
    public void media(byte[] mulaw, int from, int length) {
      received.write(mulaw, from, length);
      if (playsUntil >= 0) {
        dry = Math.max(dry, now - playsUntil);
      }
      playsUntil = Math.max(playsUntil, now) + length * MS / AudioFrame.BYTES_PER_MS;
    }

    @Override
    public void mark(String name) {}

    @Override
    public void clear() {}
  }

  /** Whatever the pieces in which the voice comes, and whatever the moments: the carrier gets its very bytes. */
  @Test
  void r17_theCarrierGetsTheVoiceBitForBit() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Carrier carrier = new Carrier();
      Playout playout = playout(carrier, 400);
      ByteArrayOutputStream voice = new ByteArrayOutputStream();
      playout.begin(TURN);
      for (int piece = 0; piece < 30; piece++) {
        byte[] sound = new byte[1 + random.nextInt(3000)];
        random.nextBytes(sound);
        voice.writeBytes(sound);
        playout.audio(TURN, sound, carrier.now);
        if (random.nextInt(4) == 0) {
          playout.segmentEnd(new Segment(TURN, piece, "", 0, 0, List.of()), carrier.now);
        }
        carrier.now += random.nextInt(200) * MS;
        playout.tick(carrier.now);
      }
      playout.end(TURN, carrier.now);
      ticks(playout, carrier, 20_000, -1, 0);

      byte[] heard = Arrays.copyOf(carrier.received.toByteArray(), voice.size());
      assertThat(heard).as("seed %d", seed).isEqualTo(voice.toByteArray());
    }
  }

  @Test
  void r18_theLastFrameIsFilledUpWithSilenceAndSent() {
    for (int extra = 1; extra <= AudioFrame.FRAME_BYTES; extra++) {
      for (boolean endIsKnownFirst : new boolean[] {true, false}) {
        Carrier carrier = new Carrier();
        Playout playout = playout(carrier, 400);
        byte[] sound = new byte[1600 + extra];
        Arrays.fill(sound, (byte) 7);
        playout.begin(TURN);
        playout.audio(TURN, Arrays.copyOf(sound, 800), 0);
        playout.audio(TURN, Arrays.copyOfRange(sound, 800, sound.length), 0);
        playout.segmentEnd(new Segment(TURN, 0, "", 0, 0, List.of()), 0);
        if (endIsKnownFirst) {
          playout.end(TURN, 0);
        }
        ticks(playout, carrier, 1000, -1, 0);
        playout.end(TURN, carrier.now);

        byte[] heard = carrier.received.toByteArray();
        int frames = (sound.length + AudioFrame.FRAME_BYTES - 1) / AudioFrame.FRAME_BYTES;
        assertThat(heard).as("%d bytes more", extra).hasSize(frames * AudioFrame.FRAME_BYTES);
        assertThat(Arrays.copyOf(heard, sound.length)).isEqualTo(sound);
        byte[] silence = new byte[heard.length - sound.length];
        Arrays.fill(silence, AudioFrame.SILENCE);
        assertThat(Arrays.copyOfRange(heard, sound.length, heard.length)).isEqualTo(silence);
      }
    }
  }

  /** With a lead of 200 ms, a stall of 200 ms at any moment of an utterance. */
  @Test
  void r19_aStallAsLongAsTheLeadIsNotHeard() {
    for (int at = 0; at < 1000; at++) {
      Carrier carrier = new Carrier();
      Playout playout = playout(carrier, 200);
      playout.begin(TURN);
      playout.audio(TURN, new byte[3000 * AudioFrame.BYTES_PER_MS], 0);
      playout.end(TURN, 0);
      ticks(playout, carrier, 4000, at, 200);

      assertThat(carrier.dry).as("stalled at %d ms", at).isZero();
      assertThat(carrier.received.size()).isEqualTo(3000 * AudioFrame.BYTES_PER_MS);
    }
  }

  /** A schedule that moved with every late tick would fall behind a little each time. */
  @Test
  void r19_lateTicksDoNotMoveTheSchedule() {
    Carrier carrier = new Carrier();
    Playout playout = playout(carrier, 200);
    Random random = new Random(7);
    playout.begin(TURN);
    playout.audio(TURN, new byte[60_000 * AudioFrame.BYTES_PER_MS], 0);
    for (int tick = 0; tick < 2900; tick++) {
      carrier.now = (tick * 20L + random.nextInt(100)) * MS;
      playout.tick(carrier.now);
      int sentMs = carrier.received.size() / AudioFrame.BYTES_PER_MS;
      assertThat(sentMs).isBetween(tick * 20 + 200, tick * 20 + 100 + 320);
    }
    assertThat(carrier.dry).isZero();
  }

  /** Every 20 ms from a phase of its own; none for {@code stall} milliseconds from {@code stallAt} on. */
  private static void ticks(Playout playout, Carrier carrier, int ms, int stallAt, int stall) {
    long from = carrier.now;
    for (int at = 0; at < ms; at += 20) {
      boolean stalled = stallAt >= 0 && at >= stallAt && at < stallAt + stall;
      // What was due in a stall is done by the one tick at its end.
      long due = stalled ? stallAt + stall : at;
      carrier.now = Math.max(carrier.now, from + due * MS);
      playout.tick(carrier.now);
    }
  }

  private static Playout playout(Carrier carrier, int leadMs) {
    return new Playout(
        Duration.ofMillis(leadMs),
        Duration.ofMillis(100),
        Duration.ofSeconds(2),
        carrier,
        new DeafListener());
  }
}
