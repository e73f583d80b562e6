package io.voiceagent.cli.text;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.app.TextAgent;
import io.voiceagent.app.VoiceAgentOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Talks to the turn machine by keyboard. Every line is said at once, over the agent if it speaks; when the lines come from
 * a file or a pipe, each waits until the agent is through, or, when it begins with {@code !}, until it speaks.
 */
public final class TextConsole {
  public static final String HELP =
      "Type what the caller says. /cough makes a sound without words, /keys 12# presses keys, /hangup ends the call.";

  private static final long START_SECONDS = 20;

  private final BufferedReader in;
  private final PrintWriter out;
  private final boolean terminal;
  private final double pace;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /**
   * @param terminal a person types, and may interrupt
   * @param pace of the agent's voice; 1 is a person's, 0 takes no time
   */
  public TextConsole(BufferedReader in, PrintWriter out, boolean terminal, double pace) {
    this.in = in;
    this.out = out;
    this.terminal = terminal;
    this.pace = pace;
  }

  /** Runs one call to its end. */
  public void run(VoiceAgentOptions options) throws InterruptedException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      TextJournal journal = new TextJournal(options.turn(), out);
      AtomicReference<TextLine> made = new AtomicReference<>();
      await(TextAgent.start(vertx, options, journal, bus -> {
        TextLine line = new TextLine(bus, this::agentSays, pace, () -> ended.complete(null));
        made.set(line);
        return line;
      }));
      TextLine line = Objects.requireNonNull(made.get());
      // Reading cannot be interrupted; the agent may hang up first.
      Thread reader = new Thread(() -> read(line, journal), "keyboard");
      reader.setDaemon(true);
      reader.start();
      ended.get();
      journal.awaitEnd();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      vertx.close();
    }
  }

  private void agentSays(String text) {
    out.println("agent   " + text);
    out.flush();
  }

  private void read(TextLine line, TextJournal journal) {
    int said = 0;
    try {
      String text = in.readLine();
      for (; text != null && !text.strip().equals("/hangup"); text = in.readLine()) {
        if (!terminal && text.startsWith("!")) {
          journal.awaitSpeaking(said);
        } else if (!terminal) {
          journal.awaitThrough(said);
        }
        if (ended.isDone()) {
          // The agent has hung up: nobody hears the rest.
          return;
        }
        said += act(line, text.startsWith("!") ? text.substring(1).strip() : text.strip());
      }
      if (text == null) {
        journal.awaitThrough(said);
      }
    } catch (IOException e) {
      out.println("cannot read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    line.hangUp();
  }

  /** Returns how many sounds it made: an utterance is one, and so is each key. */
  private int act(TextLine line, String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!terminal) {
      out.println("caller  " + text);
    }
    if (text.equals("/cough")) {
      line.cough();
      return 1;
    }
    String keys = text.startsWith("/keys ") ? text.substring("/keys ".length()).strip() : "";
    if (keys.matches("[0-9*#A-D]+")) {
      line.press(keys);
      return keys.length();
    }
    if (text.startsWith("/")) {
      out.println(HELP);
      out.flush();
      return 0;
    }
    line.say(text);
    return 1;
  }

  private static void await(Future<Void> started) throws InterruptedException {
    try {
      started.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the conversation did not start: " + e, e);
    }
  }
}
