package io.voiceagent.stt;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.voiceagent.audio.AudioFrame;
import io.voiceagent.bus.Bus;
import io.voiceagent.bus.BusReader;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.resilience.Fallback;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The transcriptions of one event loop. */
public final class SttVerticle extends VerticleBase {
  private final SttNode node;
  private final Bus bus;
  private final Map<String, SttConnection> connections = new HashMap<>();
  private final Map<CallId, TranscriptionSession> sessions = new HashMap<>();
  private final AudioPages pages = new AudioPages();
  private @Nullable Mailbox mailbox;

  public SttVerticle(SttNode node, Bus bus) {
    this.node = node;
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    Mailbox box = bus.bind(Stage.STT);
    mailbox = box;
    for (Fallback.Entry<SttProvider> entry : node.providers.entries()) {
      connections.put(entry.name(), entry.provider().connect(vertx));
    }
    box.accept(StreamType.CALLER_AUDIO, this::listen);
    box.on(CallOrder.FinalizeTranscript.class, (call, order) -> {
      TranscriptionSession session = sessions.get(call);
      if (session != null) {
        session.finalizeTranscript();
      }
    });
    box.on(CallOrder.ReleaseCall.class, (call, order) -> release(call));
    // One timer for all calls of the loop: one for each would cost as much as a quarter of their
    // frames.
    vertx.setPeriodic(
        TranscriptionSession.SILENCE_EVERY_MS,
        id -> List.copyOf(sessions.values()).forEach(TranscriptionSession::fillSilence));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    List.copyOf(sessions.keySet()).forEach(this::release);
    List<Future<?>> closing = new ArrayList<>();
    connections.values().forEach(connection -> closing.add(connection.close()));
    closing.add(Objects.requireNonNull(mailbox).close());
    return Future.join(closing);
  }

  private void listen(CallId call, StreamType.Listen listen, BusReader<AudioFrame> audio) {
    release(call);
    TranscriptionSession[] self = new TranscriptionSession[1];
    TranscriptionSession session = new TranscriptionSession(
        vertx,
        node,
        Objects.requireNonNull(mailbox),
        call,
        listen,
        audio,
        pages,
        provider -> Objects.requireNonNull(connections.get(provider.name())),
        node.budget.ofCall(),
        () -> sessions.remove(call, self[0]));
    self[0] = session;
    sessions.put(call, session);
    session.start();
  }

  private void release(CallId call) {
    TranscriptionSession session = sessions.get(call);
    if (session != null) {
      session.stop();
    }
  }

  /** Calls listened to. */
  int listening() {
    return sessions.size();
  }
}
