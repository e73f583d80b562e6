package io.voiceagent.conversation;

import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@code <call>.call.jsonl} per call. One thread writes, so that no event loop waits for a disk. What does not fit
 * into its queue, or onto the disk, is dropped and counted: a call never suffers from its record. A record that broke is
 * not taken up again; the next call tries anew.
 */
public final class CallLog implements Journals, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);
  private static final int QUEUE = 20_000;
  private static final int MAX_OPEN = 10_000;
  private static final long CLOSE_MS = 2000;

  private sealed interface Work {}

  private record Begin(Key key, CallLogCodec.Header header) implements Work {}

  private record Line(Key key, TurnEvent event, List<TurnEffect> effects) implements Work {}

  private record End(Key key) implements Work {}

  private record Stop() implements Work {}

  /** One conversation; a call that is taken up again has another, so this is compared by identity. */
  private static final class Key {
    private final CallId call;

    Key(CallId call) {
      this.call = call;
    }
  }

  /** A record that is being written. */
  private static final class Record {
    private final BufferedWriter out;
    private @Nullable Long start;

    Record(Writer out) {
      this.out = new BufferedWriter(out);
    }

    void line(Object line) throws IOException {
      out.write(CallLogCodec.write(line));
      out.newLine();
      // A record is wanted most when the process did not end well.
      out.flush();
    }

    void decided(Line line) throws IOException {
      long began = start == null ? line.event().at() : start;
      start = began;
      line(CallLogCodec.Decision.of(line.event(), line.effects(), began));
    }
  }

  private final Opener files;
  private final TurnOptions options;
  private final Runnable dropped;
  private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<Key, Record> records = new HashMap<>();
  private final Thread thread;
  private boolean complained;

  /** Opens a call's file. */
  @FunctionalInterface
  interface Opener {
    Writer open(CallId call) throws IOException;
  }

  /** @param dropped called for each line that is lost */
  public CallLog(Path folder, TurnOptions options, Runnable dropped) {
    this(new CallFiles(folder), options, dropped);
  }

  CallLog(Opener files, TurnOptions options, Runnable dropped) {
    this.files = files;
    this.options = options;
    this.dropped = dropped;
    this.thread = new Thread(this::run, "call-log");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Journal open(CallInfo info, String context) {
    Key key = new Key(info.id());
    add(new Begin(
        key, new CallLogCodec.Header(CallLogCodec.VERSION, info.id().value(), options, context)));
    return new Journal() {
      @Override
      public void decided(TurnEvent event, List<TurnEffect> effects) {
        add(new Line(key, event, effects));
      }

      @Override
      public void close() {
        add(new End(key));
      }
    };
  }

  /** Writes what is queued, two seconds at most. */
  @Override
  public void close() {
    close(CLOSE_MS);
  }

  void close(long ms) {
    try {
      if (queue.offer(new Stop(), ms, TimeUnit.MILLISECONDS)) {
        thread.join(ms);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void add(Work work) {
    if (!queue.offer(work)) {
      dropped.run();
    }
  }

  private void run() {
    try {
      for (Work work = queue.take(); !(work instanceof Stop); work = queue.take()) {
        write(work);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    records.keySet().stream().toList().forEach(this::end);
  }

  private void write(Work work) {
    if (work instanceof Begin begin) {
      begin(begin);
    } else if (work instanceof Line line) {
      Record record = records.get(line.key());
      if (record == null) {
        dropped.run();
        return;
      }
      try {
        record.decided(line);
      } catch (IOException e) {
        dropped.run();
        complain(e);
        end(line.key());
      }
    } else if (work instanceof End end) {
      end(end.key());
    }
  }

  private void begin(Begin begin) {
    if (records.size() >= MAX_OPEN) {
      dropped.run();
      return;
    }
    try {
      Record record = new Record(files.open(begin.key().call));
      records.put(begin.key(), record);
      record.line(begin.header());
      complained = false;
    } catch (IOException e) {
      dropped.run();
      complain(e);
      end(begin.key());
    }
  }

  /** Once per outage. */
  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      LOG.error("calls are not recorded, make room or mend journal.dir: {}", e.toString());
    }
  }

  private void end(Key key) {
    Record record = records.remove(key);
    if (record != null) {
      try {
        record.out.close();
      } catch (IOException e) {
        complain(e);
      }
    }
  }
}
