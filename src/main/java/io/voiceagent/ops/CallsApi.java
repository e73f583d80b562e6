package io.voiceagent.ops;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.voiceagent.bus.Mailbox;
import io.voiceagent.call.CallId;
import io.voiceagent.call.CallQuestion;
import io.voiceagent.call.CallQuestion.CallList;
import io.voiceagent.call.CallQuestion.EndCall;
import io.voiceagent.call.CallQuestion.FindCall;
import io.voiceagent.call.CallQuestion.ListCalls;
import io.voiceagent.call.CallView;
import io.voiceagent.call.EndReason;
import io.voiceagent.call.StageAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Running calls of every node. A mailbox that does not answer in time is named in {@code unreachable} instead of making
 * the whole answer fail: the operator asks when something is wrong.
 */
final class CallsApi {
  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern CALL_ID = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

  private final Mailbox mailbox;
  private final OpsPorts ports;

  CallsApi(Mailbox mailbox, OpsPorts ports) {
    this.mailbox = mailbox;
    this.ports = ports;
  }

  void mount(Router router) {
    router.get("/api/calls").handler(this::list);
    router.get("/api/calls/:sid").handler(this::show);
    router.post("/api/calls").handler(this::dial);
    router.delete("/api/calls/:sid").handler(this::end);
  }

  private void list(RoutingContext context) {
    askAll(new ListCalls()).onSuccess(found -> {
      JsonArray calls = new JsonArray();
      found.calls.forEach(call -> calls.add(CallJson.of(call)));
      JsonObject body = new JsonObject().put("count", calls.size()).put("calls", calls);
      Answers.json(context, 200, found.addUnreachable(body));
    });
  }

  private void show(RoutingContext context) {
    CallId call = callId(context);
    if (call != null) {
      askAll(new FindCall(call)).onSuccess(found -> answerOne(context, found, 200));
    }
  }

  private void end(RoutingContext context) {
    CallId call = callId(context);
    if (call != null) {
      askAll(new EndCall(call, EndReason.OPERATOR))
          .onSuccess(found -> answerOne(context, found, 202));
    }
  }

  private void dial(RoutingContext context) {
    String to = number(context.body().buffer());
    if (!NUMBER.matcher(to).matches()) {
      Answers.error(context, 400, "the body must be {\"to\": \"+15551234567\"}, an E.164 number");
      return;
    }
    if (ports.draining().getAsBoolean()) {
      Answers.error(context, 503, "draining");
      return;
    }
    place(to)
        .onSuccess(call -> {
          context.response().putHeader("Location", "/api/calls/" + call.value());
          Answers.json(context, 201, new JsonObject().put("callSid", call.value()));
        })
        .onFailure(cause -> Answers.failure(context, cause));
  }

  static String number(@Nullable Buffer body) {
    try {
      Object json = body == null ? null : Json.decodeValue(body);
      return json instanceof JsonObject object && object.getValue("to") instanceof String to
          ? to
          : "";
    } catch (DecodeException e) {
      return "";
    }
  }

  private Future<CallId> place(String to) {
    try {
      return ports.dial().apply(to);
    } catch (IllegalStateException notConfigured) {
      return Future.failedFuture(notConfigured);
    }
  }

  private static void answerOne(RoutingContext context, Found found, int status) {
    if (!found.calls.isEmpty()) {
      Answers.json(context, status, CallJson.of(found.calls.get(0)));
    } else if (found.unreachable.isEmpty()) {
      Answers.error(context, 404, "no such call");
    } else {
      // Where it may be did not answer: neither there nor gone.
      JsonObject body = new JsonObject().put("error", "not found on the nodes that answered");
      Answers.json(context, 504, found.addUnreachable(body));
    }
  }

  private static @Nullable CallId callId(RoutingContext context) {
    String sid = context.pathParam("sid");
    if (!CALL_ID.matcher(sid).matches()) {
      Answers.error(context, 400, "not a call id");
      return null;
    }
    return new CallId(sid);
  }

  private Future<Found> askAll(CallQuestion question) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    List<Future<Void>> answers = new ArrayList<>();
    for (StageAddress address : ports.conversations().get()) {
      answers.add(mailbox
          .ask(address, question, CallList.class)
          .<Void>map(list -> {
            found.calls.addAll(list.calls());
            return null;
          })
          .otherwise(cause -> {
            found.unreachable.add(address.node() + "/" + address.loop());
            return null;
          }));
    }
    return Future.join(answers).map(done -> {
      found.calls.sort(Comparator.comparing((CallView call) -> call.runningMs()).reversed());
      return found;
    });
  }

  private record Found(List<CallView> calls, List<String> unreachable) {
    JsonObject addUnreachable(JsonObject body) {
      return unreachable.isEmpty() ? body : body.put("unreachable", new JsonArray(unreachable));
    }
  }
}
