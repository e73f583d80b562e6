package io.voiceagent.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.voiceagent.bus.BusListener;
import io.voiceagent.bus.BusOptions;
import io.voiceagent.bus.LocalBus;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.bus.StreamType;
import io.voiceagent.call.CallFact;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.FailureException;
import io.voiceagent.call.StageAddress.Stage;
import io.voiceagent.metrics.VoiceMeters;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListeningTest {
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<CallFact> facts = new LinkedBlockingQueue<>();

  @Test
  void whatBecomesOfAnOrderThatWasSupersededIsNotTold() throws Exception {
    vertx
        .deployVerticle(new VerticleBase() {
          @Override
          public Future<?> start() {
            LocalBus bus = new LocalBus(vertx, BusOptions.DEFAULTS, BusListener.NONE);
            Mailbox stt = bus.bind(Stage.STT);
            stt.accept(StreamType.CALLER_AUDIO, (call, listen, reader) -> {
              throw new FailureException(new Failure(
                  Failure.Stage.STT, Failure.Kind.OVERLOADED, "full " + listen.finalsBefore()));
            });
            Mailbox self = bus.bind(Stage.CONVERSATION);
            self.on(CallFact.class, (call, fact) -> facts.add(fact));
            Mailbox media = bus.bind(Stage.MEDIA);
            CallInfo info = new CallInfo(
                new CallId("CA1"), "MZ1", CallInfo.Direction.INBOUND, "+1555", "+1556");
            Listening listening = new Listening(
                new CallerAudio(
                    Duration.ofSeconds(1), new VoiceMeters(new SimpleMeterRegistry()), null),
                media,
                info,
                self.self(),
                Clock.SYSTEM);
            listening.listenWith(new CallOrder.ListenWith(stt.self(), self.self(), 0, 1));
            listening.listenWith(new CallOrder.ListenWith(stt.self(), self.self(), 0, 2));
            return Future.succeededFuture();
          }
        })
        .await();

    assertThat(facts.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            CallFact.TranscriptionFailed.class,
            failed -> assertThat(failed.failure().detail()).isEqualTo("full 2"));
    vertx.close().await();
    assertThat(facts).isEmpty();
  }
}
