package io.voiceagent.media;

import io.vertx.core.http.ServerWebSocket;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.audio.EchoGuard;
import io.voiceagent.audio.Vad;
import io.voiceagent.audio.VoiceDetector;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.SpeechItem;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.TurnId;
import io.voiceagent.config.Settings;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.telephony.Dialect;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call: the carrier's socket on one side, the bus on the other, voice activity on the way in. No decisions. */
final class MediaSession implements Ticker.Ticked, Playout.Wire, Playout.Listener, Vad.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(MediaSession.class);
  /** Audio that may wait here beyond what the carrier was sent; then the voice is held back. */
  private static final int MAX_QUEUED_MS = 2000;

  private final MediaOptions options;
  private final CallInfo info;
  private final ServerWebSocket socket;
  private final Dialect dialect;
  private final Mailbox mailbox;
  private final StageAddress conversation;
  private final VoiceMeters meters;
  private final Clock clock;
  private final Runnable onEnd;
  private final Playout playout;
  private final @Nullable EchoGuard echo;
  private final Vad vad;
  private final @Nullable SpokenAudio spoken;
  private final Listening listening;
  private final Map<TurnId, BusReader<SpeechItem>> speaking = new HashMap<>();
  private @Nullable EndReason reason;
  private final long startedAt;
  private long lastInboundAt;
  private long fullSince;
  private boolean ended;

  MediaSession(
      MediaOptions options,
      CallInfo info,
      ServerWebSocket socket,
      Dialect dialect,
      Mailbox mailbox,
      VoiceMeters meters,
      Clock clock,
      boolean clustered,
      VoiceDetector detector,
      Runnable onEnd) {
    this.options = options;
    this.info = info;
    this.socket = socket;
    this.dialect = dialect;
    this.mailbox = mailbox;
    this.conversation = mailbox.self().sibling(StageAddress.Stage.CONVERSATION);
    this.meters = meters;
    this.clock = clock;
    this.onEnd = onEnd;
    this.playout = new Playout(options.lead(), options.chunk(), options.markTimeout(), this, this);
    VoiceOptions voice = options.voice();
    this.echo = voice.echoLossDb() > 0 ? new EchoGuard(detector, voice.echoLossDb()) : null;
    this.vad = new Vad(
        echo == null ? detector : echo, voice.attack(), voice.release(), voice.minSpeech(), this);
    this.spoken = clustered ? new SpokenAudio() : null;
    this.listening = new Listening(
        new CallerAudio(options.ring(), meters, spoken), mailbox, info, conversation, clock);
    this.startedAt = clock.nanos();
    this.lastInboundAt = startedAt;
  }

  /** The call is admitted: hand it to its conversation. */
  void start(boolean resumed, long brokeMs) {
    mailbox.tell(
        conversation,
        info.id(),
        new CallOrder.OpenCall(info, mailbox.self(), startedAt, resumed, brokeMs));
  }

  CallInfo info() {
    return info;
  }

  // ---- from the carrier

  void callerAudio(byte[] mulaw) {
    long now = clock.nanos();
    lastInboundAt = now;
    meters.carrierBytesIn.increment(mulaw.length);
    vad.accept(mulaw, now);
    listening.accept(new AudioFrame(mulaw, now));
  }

  void markPlayed(String name) {
    playout.markPlayed(name, clock.nanos());
    flow();
  }

  void digit(char digit) {
    tell(new CallFact.DigitPressed(clock.nanos(), digit));
  }

  /** The carrier said stop, or its socket is gone. Idempotent. */
  void carrierGone(boolean stopped) {
    end(stopped ? EndReason.CALLER_HUNG_UP : EndReason.CARRIER_LOST, stopped ? "stop" : "closed");
  }

  // ---- from the conversation

  void listenWith(CallOrder.ListenWith order) {
    listening.listenWith(order);
  }

  void finalizeTranscript(CallOrder.FinalizeTranscript order) {
    listening.finalizeTranscript(order);
  }

  void play(StreamType.Play play, BusReader<SpeechItem> reader) {
    TurnId turn = play.turn();
    if (ended || !playout.admits(turn)) {
      throw new FailureException(over());
    }
    playout.begin(turn, play.givesWay());
    speaking.put(turn, reader);
    reader.handler(item -> spoken(turn, item));
    reader.endHandler(x -> {
      speaking.remove(turn);
      playout.end(turn, clock.nanos());
    });
    reader.exceptionHandler(failure -> {
      // What came before the failure is still played; the conversation hears of it from the voice
      // itself.
      speaking.remove(turn);
      playout.end(turn, clock.nanos());
    });
  }

  void clear(TurnId turn, long onsetAt) {
    long now = clock.nanos();
    speaking.entrySet().removeIf(entry -> {
      boolean old = !entry.getKey().isAfter(turn);
      if (old) {
        entry.getValue().cancel(over());
      }
      return old;
    });
    playout.clear(turn, now);
    if (onsetAt != 0) {
      meters.bargeInReaction.record(Clock.millisBetween(onsetAt, clock.nanos()));
    }
    flow();
  }

  void hold(long until) {
    playout.hold(until, clock.nanos());
  }

  void hangUp(EndReason why) {
    end(why, "hung up");
  }

  // ---- time

  @Override
  public void tick(long now) {
    if (playout.busy()) {
      playout.tick(now);
      flow();
    }
    if (now - lastInboundAt > options.inboundTimeout().toNanos()) {
      LOG.warn(
          "call {}: the carrier sent nothing for {}",
          info.id(),
          Settings.print(options.inboundTimeout()));
      end(EndReason.CARRIER_LOST, "silent carrier");
    } else if (!ended && !socket.isClosed() && socket.writeQueueFull()) {
      fullSince = fullSince == 0 ? now : fullSince;
      if (now - fullSince > options.stallTimeout().toNanos()) {
        LOG.warn(
            "call {}: the carrier took nothing for {}",
            info.id(),
            Settings.print(options.stallTimeout()));
        end(EndReason.CARRIER_LOST, "stalled carrier");
      }
    } else {
      fullSince = 0;
    }
  }

  // ---- Playout.Wire

  @Override
  public void media(byte[] mulaw, int from, int length) {
    meters.carrierBytesOut.increment(length);
    if (echo != null) {
      echo.sent(mulaw, from, length, clock.nanos());
    }
    send(dialect.media(info.streamSid(), mulaw, from, length));
  }

  @Override
  public void mark(String name) {
    send(dialect.mark(info.streamSid(), name));
  }

  @Override
  public void clear() {
    if (echo != null) {
      echo.cleared(clock.nanos());
    }
    send(dialect.clear(info.streamSid()));
  }

  // ---- Playout.Listener

  @Override
  public void started(TurnId turn) {
    tell(new CallFact.PlayoutStarted(clock.nanos(), turn));
  }

  @Override
  public void heard(TurnId turn, int heardMs) {
    tell(new CallFact.Heard(clock.nanos(), turn, heardMs));
  }

  @Override
  public void ended(TurnId turn, int heardMs, boolean estimated) {
    tell(new CallFact.PlayoutEnded(clock.nanos(), turn, heardMs, estimated));
  }

  @Override
  public void cleared(TurnId turn, int heardMs) {
    tell(new CallFact.PlayoutCleared(clock.nanos(), turn, heardMs));
  }

  @Override
  public void dropped(long bytes) {
    meters.agentAudioDroppedBytes.increment(bytes);
  }

  // ---- Vad.Listener

  @Override
  public void started(long onsetAt) {
    if (spoken != null) {
      spoken.speaking(true, lastInboundAt);
    }
    tell(new CallFact.SpeechStarted(lastInboundAt, onsetAt));
  }

  @Override
  public void sustained(long onsetAt) {
    tell(new CallFact.SpeechSustained(lastInboundAt, onsetAt));
  }

  @Override
  public void ended(long lastVoicedAt, int voicedMs) {
    if (spoken != null) {
      spoken.speaking(false, lastInboundAt);
    }
    tell(new CallFact.SpeechEnded(lastInboundAt, lastVoicedAt, voicedMs));
  }

  private void spoken(TurnId turn, SpeechItem item) {
    long now = clock.nanos();
    if (item instanceof SpeechItem.Audio audio) {
      playout.takeBack(turn, audio.takesBack());
      playout.audio(turn, audio.bytes(), now);
    } else if (item instanceof SpeechItem.SegmentEnd end) {
      playout.segmentEnd(end.segment(), now);
    }
    flow();
  }

  /** The carrier's pace becomes the voice's: while enough waits here, no more is taken. */
  private void flow() {
    boolean full = playout.queuedMs() > MAX_QUEUED_MS;
    for (BusReader<SpeechItem> reader : speaking.values()) {
      if (full) {
        reader.pause();
      } else {
        reader.resume();
      }
    }
  }

  private void send(String message) {
    if (!ended && !socket.isClosed()) {
      socket.writeTextMessage(message);
    }
  }

  private void tell(CallFact fact) {
    mailbox.tell(conversation, info.id(), fact);
  }

  private void end(EndReason why, String detail) {
    if (ended) {
      return;
    }
    ended = true;
    reason = why;
    new HashMap<>(speaking).values().forEach(reader -> reader.cancel(over()));
    speaking.clear();
    listening.close();
    if (!socket.isClosed()) {
      socket.close((short) 1000);
    }
    tell(new CallFact.CarrierGone(clock.nanos(), detail));
    onEnd.run();
  }

  long startedAt() {
    return startedAt;
  }

  EndReason reason() {
    return reason == null ? EndReason.CARRIER_LOST : reason;
  }

  private static Failure over() {
    return new Failure(Failure.Stage.CARRIER, Failure.Kind.CANCELLED, "this turn is over");
  }
}
