package io.voiceagent.bus;

import io.voiceagent.call.CallId;
import io.voiceagent.call.CallOrder;
import io.voiceagent.call.Clock;
import io.voiceagent.call.Failure;
import io.voiceagent.call.StageAddress;

/**
 * Envelopes to bytes and back: format, kind, fields. What follows the fields that this release knows is skipped, so that a
 * later one may add to them.
 */
final class EnvelopeCodec {
  /** Changes only when an old node could misread what a new one writes. */
  private static final int FORMAT = 1;

  private static final int OPEN = 1;
  private static final int ACCEPTED = 2;
  private static final int REFUSED = 3;
  private static final int DATA = 4;
  private static final int END = 5;
  private static final int FAIL = 6;
  private static final int CREDIT = 7;
  private static final int CONSUMED = 8;
  private static final int CANCEL = 9;
  private static final int TELL = 10;
  private static final int ASK = 11;
  private static final int ANSWER = 12;
  private static final int ABANDON = 13;
  private static final int ALIVE = 14;

  private static final int MAX_ALIVE = 1_000_000;

  private final RecordCodec records;
  private final Clock clock;
  private final String node;
  private final Ages ages;

  /**
   * @param node this one's name
   * @param tooOldMs work that another node ordered longer ago than this is not begun any more
   */
  EnvelopeCodec(Clock clock, String node, long tooOldMs) {
    this.records = new RecordCodec(clock);
    this.clock = clock;
    this.node = node;
    this.ages = new Ages(tooOldMs);
  }

  byte[] encode(Envelope envelope) {
    WireWriter out = new WireWriter();
    out.octet(FORMAT);
    if (envelope instanceof Envelope.Data data) {
      out.octet(DATA);
      out.number(data.stream());
      out.number(data.seq());
      records.writeTagged(out, data.item());
    } else if (envelope instanceof Envelope.Credit credit) {
      out.octet(CREDIT);
      out.number(credit.stream());
      out.number(credit.items());
    } else if (envelope instanceof Envelope.Tell tell) {
      out.octet(TELL);
      out.text(tell.call().value());
      records.writeTagged(out, tell.message());
      out.text(node);
      out.signed(nowMs());
    } else if (envelope instanceof Envelope.Alive alive) {
      alive(out, alive);
    } else {
      encodeRare(out, envelope);
    }
    return out.toBytes();
  }

  private void encodeRare(WireWriter out, Envelope envelope) {
    if (envelope instanceof Envelope.Open open) {
      out.octet(OPEN);
      records.write(out, open.from());
      out.number(open.writer());
      out.text(open.type());
      out.text(open.call().value());
      records.writeTagged(out, open.open());
    } else if (envelope instanceof Envelope.Accepted accepted) {
      out.octet(ACCEPTED);
      out.number(accepted.reader());
      out.number(accepted.credit());
    } else if (envelope instanceof Envelope.Refused refused) {
      out.octet(REFUSED);
      records.write(out, refused.failure());
    } else if (envelope instanceof Envelope.End end) {
      out.octet(END);
      out.number(end.stream());
      out.number(end.seq());
    } else if (envelope instanceof Envelope.Fail fail) {
      out.octet(FAIL);
      out.number(fail.stream());
      records.write(out, fail.failure());
    } else if (envelope instanceof Envelope.Consumed consumed) {
      out.octet(CONSUMED);
      out.number(consumed.stream());
    } else if (envelope instanceof Envelope.Cancel cancel) {
      out.octet(CANCEL);
      out.number(cancel.stream());
      records.write(out, cancel.reason());
    } else if (envelope instanceof Envelope.Ask ask) {
      out.octet(ASK);
      records.write(out, ask.from());
      records.writeTagged(out, ask.question());
    } else if (envelope instanceof Envelope.Answer answer) {
      out.octet(ANSWER);
      records.writeTagged(out, answer.value());
    } else if (envelope instanceof Envelope.Abandon abandon) {
      out.octet(ABANDON);
      records.write(out, abandon.from());
      out.number(abandon.writer());
    } else {
      throw new IllegalArgumentException("no rule for " + envelope.getClass());
    }
  }

  /** @throws WireFormatException for anything but what {@link #encode} makes here or in a neighbouring release */
  Envelope decode(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    int format = in.octet();
    if (format != FORMAT) {
      throw new WireFormatException("format " + format + " is not spoken here");
    }
    int kind = in.octet();
    return switch (kind) {
      case OPEN ->
        new Envelope.Open(address(in), in.number(), in.text(), call(in), records.readTagged(in));
      case ACCEPTED -> new Envelope.Accepted(in.number(), (int) in.number());
      case REFUSED -> new Envelope.Refused(failure(in));
      case DATA -> new Envelope.Data(in.number(), (int) in.number(), records.readTagged(in));
      case END -> new Envelope.End(in.number(), (int) in.number());
      case FAIL -> new Envelope.Fail(in.number(), failure(in));
      case CREDIT -> new Envelope.Credit(in.number(), (int) in.number());
      case CONSUMED -> new Envelope.Consumed(in.number());
      case CANCEL -> new Envelope.Cancel(in.number(), failure(in));
      case TELL -> tell(in);
      case ASK -> new Envelope.Ask(address(in), records.readTagged(in));
      case ANSWER -> new Envelope.Answer(records.readTagged(in));
      case ABANDON -> new Envelope.Abandon(address(in), in.number());
      case ALIVE -> alive(in);
      default -> throw new WireFormatException("a frame of kind " + kind);
    };
  }

  private Envelope.Tell tell(WireReader in) {
    Envelope.Tell tell = new Envelope.Tell(call(in), records.readTagged(in));
    if (in.more()) {
      String from = in.text();
      long age = ages.of(from, in.signed(), nowMs());
      if (ages.tooOld(age) && isWork(tell.message())) {
        String what = tell.message().getClass().getSimpleName();
        throw new WireFormatException(
            "a " + what + " of " + tell.call() + ", told " + age + " ms ago by " + from);
      }
    }
    return tell;
  }

  /** Facts and what ends something are right also when they are late; their receivers know what is over. */
  private static boolean isWork(Object message) {
    return message instanceof CallOrder.GenerateReply || message instanceof CallOrder.RunTool;
  }

  private long nowMs() {
    return clock.nanos() / 1_000_000;
  }

  private void alive(WireWriter out, Envelope.Alive alive) {
    out.octet(ALIVE);
    records.write(out, alive.from());
    out.number(alive.streams().length);
    for (long id : alive.streams()) {
      out.number(id);
    }
    for (long position : alive.positions()) {
      out.number(position);
    }
    if (alive.positions().length == alive.streams().length) {
      out.signed(nowMs());
    }
  }

  private Envelope.Alive alive(WireReader in) {
    StageAddress from = address(in);
    long count = in.number();
    if (count < 0 || count > MAX_ALIVE) {
      throw new WireFormatException("a heartbeat of " + count + " streams");
    }
    long[] streams = new long[(int) count];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = in.number();
    }
    long[] positions = new long[in.more() ? streams.length : 0];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = in.number();
    }
    if (in.more()) {
      // Several times a second: what a link's delay is was learned before an order comes.
      ages.of(from.node(), in.signed(), nowMs());
    }
    return new Envelope.Alive(from, streams, positions);
  }

  private StageAddress address(WireReader in) {
    return (StageAddress) records.read(in, StageAddress.class);
  }

  private Failure failure(WireReader in) {
    return (Failure) records.read(in, Failure.class);
  }

  private static CallId call(WireReader in) {
    String value = in.text();
    if (value.isEmpty()) {
      throw new WireFormatException("a frame of no call");
    }
    return new CallId(value);
  }
}
