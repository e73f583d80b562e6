package io.voiceagent.media;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.voiceagent.call.CallId;
import io.voiceagent.call.Failure;
import io.voiceagent.call.Failure.Kind;
import io.voiceagent.call.FailureException;

/**
 * Places and ends calls by the carrier's REST API.
 *
 * @see <a href="https://www.twilio.com/docs/voice/api/call-resource">the call resource</a>
 */
public final class Dialer {
  private static final int CONNECT_MS = 3000;
  private static final long REQUEST_MS = 10_000;

  private final MediaOptions options;
  private final String webhooks;
  private final WebClient client;

  /** @param ownUrl where a carrier on this very machine, a simulated one, reaches the public listener */
  public Dialer(Vertx vertx, MediaOptions options, String ownUrl) {
    this.options = options;
    boolean carrierIsHere =
        options.twilio().baseUrl().matches("http://(127\\.0\\.0\\.1|localhost)(:.*)?");
    this.webhooks = options.publicUrl().isEmpty() && carrierIsHere ? ownUrl : options.publicUrl();
    this.client = WebClient.create(vertx, new WebClientOptions().setConnectTimeout(CONNECT_MS));
  }

  /** Rings {@code to} (E.164) and connects whoever answers. Never repeated: a call that timed out may ring already. */
  public Future<CallId> dial(String to) {
    MediaOptions.TwilioOptions twilio = options.twilio();
    if (!twilio.account() || twilio.from().isEmpty() || webhooks.isEmpty()) {
      return Future.failedFuture(new IllegalStateException(
          "dialling needs telephony.twilio.accountSid, .authToken, .from and media.publicUrl"));
    }
    MultiMap form = MultiMap.caseInsensitiveMultiMap()
        .add("To", to)
        .add("From", twilio.from())
        .add("Url", webhooks + "/twilio/voice")
        .add("StatusCallback", webhooks + "/twilio/status");
    return post("/Calls.json", form).compose(response -> {
      JsonObject body =
          response.statusCode() == 201 ? response.bodyAsJsonObject() : new JsonObject();
      String sid = body.getString("sid");
      return sid == null || sid.isEmpty()
          ? Future.failedFuture(refused(response))
          : Future.succeededFuture(new CallId(sid));
    });
  }

  /** Ends a call at the carrier. A call that is gone already is a success. */
  Future<Void> hangUp(CallId call) {
    if (!options.twilio().account()) {
      return Future.succeededFuture();
    }
    MultiMap form = MultiMap.caseInsensitiveMultiMap().add("Status", "completed");
    return post("/Calls/" + call + ".json", form)
        .compose(response -> response.statusCode() / 100 == 2
                || response.statusCode() == 404
                || response.statusCode() == 400
            ? Future.succeededFuture()
            : Future.failedFuture(refused(response)));
  }

  public void close() {
    client.close();
  }

  private Future<HttpResponse<Buffer>> post(String path, MultiMap form) {
    MediaOptions.TwilioOptions twilio = options.twilio();
    return client
        .postAbs(twilio.baseUrl() + "/2010-04-01/Accounts/" + twilio.accountSid() + path)
        .basicAuthentication(twilio.accountSid(), twilio.authToken())
        .timeout(REQUEST_MS)
        .sendForm(form);
  }

  private static FailureException refused(HttpResponse<Buffer> response) {
    Kind kind = response.statusCode() == 401 || response.statusCode() == 403
        ? Kind.UNAUTHORIZED
        : response.statusCode() == 429 ? Kind.RATE_LIMIT : Kind.BAD_REQUEST;
    String hint =
        kind == Kind.UNAUTHORIZED ? "; check telephony.twilio.accountSid and .authToken" : "";
    return new FailureException(new Failure(
        Failure.Stage.CARRIER, kind, "the carrier answered " + response.statusCode() + hint));
  }
}
