package io.voiceagent.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/**
 * Lets the service dial a number, and follows the call from outside: the API says where the wait of each turn went, never
 * a word of it. Ending the command does not end the call.
 */
final class OutboundCall {
  private static final long LOOK_MS = 300;
  private static final long RINGS_MS = TimeUnit.SECONDS.toMillis(90);
  private static final Set<String> GOOD = Set.of("answered", "interrupted");

  private final String ops;
  private final PrintWriter out;
  private final TurnBar bar = new TurnBar(Ansi.AUTO.enabled());
  private int shown;
  private int failed;

  OutboundCall(String ops, PrintWriter out) {
    this.ops = ops;
    this.out = out;
  }

  /** @return the exit code: 0 when the call was answered and no turn of it failed */
  int place(String to) throws InterruptedException {
    JsonObject answer = OpsClient.post(ops + "/api/calls", new JsonObject().put("to", to));
    String sid = answer.getString("callSid", "");
    if (sid.isEmpty()) {
      say("The service did not dial: " + answer.getString("error", answer.encode()));
      return 1;
    }
    say("call " + sid + " is ringing; Ctrl-C stops watching, the call goes on");
    JsonObject call = answered(sid);
    if (call.isEmpty()) {
      say("Nobody answered within " + RINGS_MS / 1000 + " s.");
      return 1;
    }
    say("answered");
    while (!call.isEmpty()) {
      show(call.getJsonArray("turns", new JsonArray()));
      Thread.sleep(LOOK_MS);
      call = look(sid);
    }
    say("The call is over: " + shown + " turns, " + failed + " failed.");
    return failed == 0 && shown > 0 ? 0 : 1;
  }

  private JsonObject answered(String sid) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RINGS_MS);
    JsonObject call = look(sid);
    while (call.isEmpty() && System.nanoTime() < until) {
      Thread.sleep(LOOK_MS);
      call = look(sid);
    }
    return call;
  }

  /** Empty when there is no such call (any more). */
  private JsonObject look(String sid) throws InterruptedException {
    JsonObject found = OpsClient.get(ops + "/api/calls/" + sid);
    return found.containsKey("callSid") ? found : new JsonObject();
  }

  private void show(JsonArray turns) {
    for (int i = 0; i < turns.size(); i++) {
      JsonObject turn = turns.getJsonObject(i);
      String outcome = turn.getString("outcome", "");
      if (turn.getInteger("turn", 0) > shown && !outcome.equals("running")) {
        shown = turn.getInteger("turn");
        failed += GOOD.contains(outcome) || outcome.equals("no_speech") ? 0 : 1;
        say("  turn " + shown + "  " + outcome);
        bar.lines(turn.getJsonObject("stagesMs", new JsonObject()))
            .forEach(line -> say("          " + line));
      }
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
