package io.voiceagent.conversation;

import io.voiceagent.call.CallId;
import io.voiceagent.call.CallInfo;
import io.voiceagent.turn.TurnEffect;
import io.voiceagent.turn.TurnEvent;
import io.voiceagent.turn.TurnOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@code <call>.call.jsonl} per call. One thread writes, so that no event loop waits for a disk. What does not fit
 * into its queue, or onto the disk, is dropped and counted: a call never suffers from its record.
 */
public final class CallLog implements Journals, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);
  private static final int QUEUE = 20_000;
  private static final int MAX_OPEN = 10_000;

  private sealed interface Work {}

  private record Begin(CallId call, CallLogCodec.Header header) implements Work {}

  private record Line(CallId call, TurnEvent event, List<TurnEffect> effects) implements Work {}

  private record End(CallId call) implements Work {}

  private record Stop() implements Work {}

  private final Path folder;
  private final TurnOptions options;
  private final Runnable dropped;
  private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<CallId, BufferedWriter> files = new HashMap<>();
  private final Thread thread;
  private boolean complained;

  /** @param dropped called for each line that is lost */
  public CallLog(Path folder, TurnOptions options, Runnable dropped) {
    this.folder = folder;
    this.options = options;
    this.dropped = dropped;
    this.thread = new Thread(this::run, "call-log");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Journal open(CallInfo info, String context) {
    CallId call = info.id();
    add(new Begin(
        call, new CallLogCodec.Header(CallLogCodec.VERSION, call.value(), options, context)));
    return new Journal() {
      @Override
      public void decided(TurnEvent event, List<TurnEffect> effects) {
        add(new Line(call, event, effects));
      }

      @Override
      public void close() {
        add(new End(call));
      }
    };
  }

  /** Writes what is queued, two seconds at most. */
  @Override
  public void close() {
    add(new Stop());
    try {
      thread.join(2000);
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
      Files.createDirectories(folder);
    } catch (IOException e) {
      LOG.error("no call is recorded: {} cannot be made: {}", folder, e.toString());
    }
    try {
      for (Work work = queue.take(); !(work instanceof Stop); work = queue.take()) {
        write(work);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    files.keySet().stream().toList().forEach(this::end);
  }

  private void write(Work work) {
    try {
      if (work instanceof Begin begin && files.size() < MAX_OPEN) {
        BufferedWriter file = Files.newBufferedWriter(folder.resolve(begin.call() + ".call.jsonl"));
        files.put(begin.call(), file);
        file.write(CallLogCodec.write(begin.header()));
        file.newLine();
      } else if (work instanceof Line line) {
        BufferedWriter file = files.get(line.call());
        if (file == null) {
          dropped.run();
          return;
        }
        file.write(CallLogCodec.write(CallLogCodec.Decision.of(line.event(), line.effects())));
        file.newLine();
      } else if (work instanceof End end) {
        end(end.call());
      }
    } catch (IOException e) {
      dropped.run();
      if (!complained) {
        complained = true;
        LOG.error("calls are not recorded in {}: {}", folder, e.toString());
      }
    }
  }

  private void end(CallId call) {
    BufferedWriter file = files.remove(call);
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        dropped.run();
      }
    }
  }
}
