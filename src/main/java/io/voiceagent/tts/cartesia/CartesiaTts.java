package io.voiceagent.tts.cartesia;

import io.vertx.core.Vertx;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.resilience.Gate;
import io.voiceagent.tts.TtsConnection;
import io.voiceagent.tts.TtsProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/** One account at Cartesia: its options, and the gate that keeps to its number of active contexts. */
public final class CartesiaTts implements TtsProvider {
  private static final int MAX_WAITING = 1000;

  final String name;
  final CartesiaTtsOptions options;
  final Gate gate;
  final VoiceMeters meters;
  final Clock clock;
  final AtomicInteger openSockets = new AtomicInteger();

  /**
   * @param name of the account, a label of metrics
   * @param part of so many contexts as the account allows, those that this process may have now
   */
  public CartesiaTts(
      String name,
      CartesiaTtsOptions options,
      IntUnaryOperator part,
      Vertx vertx,
      VoiceMeters meters,
      Clock clock) {
    this.name = name;
    this.options = options;
    int allowed = options.maxConcurrentContexts();
    this.gate = new Gate(
        vertx, Failure.Stage.TTS, () -> allowed == 0 ? 0 : part.applyAsInt(allowed), MAX_WAITING);
    this.meters = meters;
    this.clock = clock;
    meters.providers.provider(name);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String voice() {
    return options.model() + "/" + options.voice() + "/" + options.language();
  }

  @Override
  public Duration nextAudioTimeout() {
    return options.nextAudioTimeout();
  }

  @Override
  public TtsConnection connect(Vertx vertx) {
    return new CartesiaSockets(vertx, this);
  }

  /** Sockets that are open, on all event loops. */
  public int openSockets() {
    return openSockets.get();
  }

  /** Contexts that are, or may still be, active at Cartesia. */
  public int activeContexts() {
    return gate.taken();
  }
}
