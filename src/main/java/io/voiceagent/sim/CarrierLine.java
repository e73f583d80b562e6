package io.voiceagent.sim;

import io.vertx.core.Future;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call as the carrier handles it: asks the webhook, opens the stream that it names, writes the stream's messages, and
 * goes on with the instructions behind the stream when that ends.
 */
final class CarrierLine {
  static final String ACCOUNT = "AC00000000000000000000000000000001";
  private static final int MAX_RECONNECTS = 20;
  private static final long TOLD_WITHIN_MS = 2_000;

  /**
   * Who calls whom, and which webhooks are asked.
   *
   * @param direction {@code inbound} or {@code outbound-api}
   * @param voice path or URL of the voice webhook
   * @param status path or URL of the status callback; empty: none
   */
  record Call(String sid, String from, String to, String direction, String voice, String status) {
    static Call inbound(String sid, String from, String to) {
      return new Call(sid, from, to, "inbound", "/twilio/voice", "/twilio/status");
    }
  }

  /** Whom the call is put through to. */
  interface Listener extends StreamReader.Listener {
    /** A stream is open: the first one, or the next after one that broke. */
    void opened(WebSocket socket);

    /** The stream has ended; what it had sent and was not played is dropped. */
    void broken();

    /** The instructions have ended. */
    void hungUp();

    void failed(String problem);
  }

  private final CarrierSimulator carrier;
  private final Call call;
  private final String streamSid;
  private final Listener listener;
  private Future<String> asked = Future.succeededFuture("");
  private @Nullable WebSocket socket;
  private String action = "";
  private long sequence;
  private long chunk;
  private int reconnects;
  private boolean over;

  CarrierLine(CarrierSimulator carrier, Call call, Listener listener) {
    this.carrier = carrier;
    this.call = call;
    this.streamSid = "MZ" + call.sid().substring(2);
    this.listener = listener;
  }

  /** A call that we placed is answered before anything is asked; one that came in rings. */
  void start() {
    ask(call.voice(), call.direction().equals("inbound") ? "ringing" : "in-progress");
  }

  @Nullable
  WebSocket open() {
    WebSocket stream = socket;
    return stream == null || stream.isClosed() ? null : stream;
  }

  int reconnects() {
    return reconnects;
  }

  void media(String payload) {
    send("{\"event\":\"media\",\"sequenceNumber\":\"" + ++sequence
        + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\""
        + ++chunk + "\",\"timestamp\":\"" + chunk * 20 + "\",\"payload\":\"" + payload
        + "\"},\"streamSid\":\"" + streamSid + "\"}");
  }

  void mark(String name) {
    send("{\"event\":\"mark\",\"sequenceNumber\":\"" + ++sequence + "\",\"streamSid\":\""
        + streamSid + "\",\"mark\":{\"name\":\"" + name + "\"}}");
  }

  void digit(char key) {
    send("{\"event\":\"dtmf\",\"sequenceNumber\":\"" + ++sequence + "\",\"streamSid\":\""
        + streamSid + "\",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"" + key + "\"}}");
  }

  void stop() {
    send("{\"event\":\"stop\",\"sequenceNumber\":\"" + ++sequence + "\",\"streamSid\":\""
        + streamSid + "\",\"stop\":{\"accountSid\":\"" + ACCOUNT + "\",\"callSid\":\""
        + call.sid() + "\"}}");
  }

  /** The call is over; completes when the service was told so or takes too long to listen. */
  Future<Void> close() {
    over = true;
    WebSocket stream = open();
    if (stream != null) {
      stream.close();
    }
    if (call.status().isEmpty()) {
      return Future.succeededFuture();
    }
    // After whatever was asked before.
    return asked
        .transform(answer -> carrier.webhook(call.status(), fields("completed")))
        .timeout(TOLD_WITHIN_MS, TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .mapEmpty();
  }

  private void ask(String url, String status) {
    asked = carrier.webhook(url, fields(status));
    asked
        .onSuccess(answer -> follow(TwiMlReader.read(answer)))
        .onFailure(cause -> failed(String.valueOf(cause.getMessage())));
  }

  private Map<String, String> fields(String status) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("AccountSid", ACCOUNT);
    fields.put("ApiVersion", "2010-04-01");
    fields.put("CallSid", call.sid());
    fields.put("CallStatus", status);
    fields.put("Direction", call.direction());
    fields.put("From", call.from());
    fields.put("To", call.to());
    return fields;
  }

  private void follow(TwiMlReader instructions) {
    if (over) {
      return;
    }
    if (!instructions.streamUrl().isEmpty()) {
      action = instructions.action();
      carrier
          .connect(instructions.streamUrl(), stream -> opened(stream, instructions.parameters()))
          .onFailure(cause -> failed("media socket: " + cause.getMessage()));
    } else if (!instructions.redirect().isEmpty() && reconnects++ < MAX_RECONNECTS) {
      ask(instructions.redirect(), "in-progress");
    } else if (!instructions.say().isEmpty()) {
      failed("refused: " + instructions.say());
    } else {
      listener.hungUp();
    }
  }

  private void opened(WebSocket stream, Map<String, String> parameters) {
    if (over) {
      stream.close();
      return;
    }
    socket = stream;
    sequence = 0;
    StreamReader reader = new StreamReader(streamSid, listener);
    stream.textMessageHandler(reader::text);
    stream.binaryMessageHandler(bytes -> reader.binary());
    stream.exceptionHandler(cause -> {});
    stream.closeHandler(x -> closed(stream));
    send("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
    send(startMessage(parameters).encode());
    listener.opened(stream);
  }

  private JsonObject startMessage(Map<String, String> parameters) {
    JsonObject custom = new JsonObject();
    parameters.forEach(custom::put);
    return new JsonObject()
        .put("event", "start")
        .put("sequenceNumber", String.valueOf(++sequence))
        .put("streamSid", streamSid)
        .put(
            "start",
            new JsonObject()
                .put("accountSid", ACCOUNT)
                .put("callSid", call.sid())
                .put("streamSid", streamSid)
                .put("tracks", new JsonArray().add("inbound"))
                .put(
                    "mediaFormat",
                    new JsonObject()
                        .put("encoding", "audio/x-mulaw")
                        .put("sampleRate", 8000)
                        .put("channels", 1))
                .put("customParameters", custom));
  }

  private void closed(WebSocket which) {
    if (over || which != socket) {
      return;
    }
    if (action.isEmpty() || reconnects++ > MAX_RECONNECTS) {
      failed("the media socket closed");
      return;
    }
    // As the carrier does: the stream has ended, the document behind it says what is next.
    socket = null;
    listener.broken();
    ask(action, "in-progress");
  }

  private void failed(String problem) {
    if (!over) {
      listener.failed(problem);
    }
  }

  private void send(String message) {
    WebSocket to = open();
    if (to != null) {
      to.writeTextMessage(message);
    }
  }
}
