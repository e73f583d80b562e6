package io.voiceagent.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.voiceagent.call.Failure;
import io.voiceagent.call.SpeechRequest;
import io.voiceagent.call.StageAddress;
import io.voiceagent.call.TextDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link between nodes that breaks and is there again before anybody is counted as lost. */
class LostOnTheWayTest {
  private static final StreamType<TextDelta, SpeechRequest> TYPE = StreamType.REPLY_TEXT;
  private static final int WINDOW = TYPE.window();

  private final List<String> heard = new ArrayList<>();
  private final AtomicReference<Failure> cancelled = new AtomicReference<>();
  private final AtomicReference<Throwable> failed = new AtomicReference<>();
  private Predicate<Envelope> gone = envelope -> false;
  private int written;
  private CreditReader<TextDelta> reader;
  private CreditWriter<TextDelta> writer;

  @BeforeEach
  void open() {
    StageAddress llm = new StageAddress("far", StageAddress.Stage.LLM, 0);
    reader = new CreditReader<>(TYPE, llm, 1, this::toWriter, BusListener.NONE, () -> {});
    reader.handler(delta -> heard.add(delta.text()));
    reader.exceptionHandler(failed::set);
    writer = new CreditWriter<>(TYPE, WINDOW, 2, this::toReader, BusListener.NONE, () -> {});
    writer.cancelHandler(cancelled::set);
  }

  @Test
  void creditThatGotLostIsGivenAgain() {
    gone = Envelope.Credit.class::isInstance;
    write(WINDOW);
    assertThat(writer.writeQueueFull()).isTrue();

    gone = envelope -> false;
    heartbeats();

    assertThat(writer.writeQueueFull()).isFalse();
    write(5 * WINDOW);
    heartbeats();
    assertThat(heard).hasSize(6 * WINDOW);
    assertThat(failed.get()).isNull();
  }

  @Test
  void aStreamWhoseLatestItemsGotLostEnds() {
    write(1);
    gone = Envelope.Data.class::isInstance;
    write(2);
    gone = envelope -> false;
    assertThat(failed.get()).as("nobody knows yet").isNull();

    heartbeats();

    assertThat(failed.get()).hasMessageContaining("expected item 1 and got 3");
    assertThat(cancelled.get())
        .as("as if the peer were gone: others take over")
        .extracting(Failure::kind)
        .isEqualTo(Failure.Kind.PEER_LOST);
  }

  @Test
  void aStreamWhoseEndGotLostEnds() {
    write(1);
    gone = Envelope.End.class::isInstance;
    writer.end();
    gone = envelope -> false;

    heartbeats();

    assertThat(failed.get()).isNotNull();
  }

  @Test
  void whereNothingGotLostHeartbeatsChangeNothing() {
    for (int i = 0; i < 10; i++) {
      write(WINDOW / 4);
      heartbeats();
    }
    reader.pause();
    write(3);
    heartbeats();
    reader.resume();

    assertThat(heard).hasSize(10 * (WINDOW / 4) + 3);
    assertThat(failed.get()).isNull();
    assertThat(cancelled.get()).isNull();
  }

  private void write(int items) {
    for (int i = 0; i < items; i++) {
      writer.write(new TextDelta(String.valueOf(written++)));
    }
  }

  private void heartbeats() {
    reader.peerAt(writer.position());
    writer.peerAt(reader.position());
  }

  private void toReader(Envelope envelope) {
    if (gone.test(envelope)) {
      return;
    }
    if (envelope instanceof Envelope.Data data) {
      reader.data(data.seq(), data.item());
    } else if (envelope instanceof Envelope.End end) {
      reader.end(end.seq());
    }
  }

  private void toWriter(Envelope envelope) {
    if (gone.test(envelope)) {
      return;
    }
    if (envelope instanceof Envelope.Credit credit) {
      writer.credit(credit.items());
    } else if (envelope instanceof Envelope.Cancel cancel) {
      writer.cancelled(cancel.reason());
    } else if (envelope instanceof Envelope.Consumed) {
      writer.consumed();
    }
  }
}
