package io.voiceagent.media;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.TimeoutHandler;
import io.voiceagent.call.CallId;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.telephony.TwiMl;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the carrier's webhooks. */
final class VoiceWebhook {
  static final String VOICE = "/twilio/voice";
  static final String AFTER_STREAM = "/twilio/after-stream";
  static final String MEDIA = "/twilio/media";
  /** Stream parameter of a call that the carrier brings back. */
  static final String RESUMED = "resumed";
  /** Another one: when the carrier said so, milliseconds since the epoch. Nothing was heard from then on. */
  static final String BROKE = "broke";

  /** Which attempt this is at finding a node that takes the call. */
  private static final String HOP = "hop";

  private static final int MAX_HOPS = 6;

  private static final Logger LOG = LoggerFactory.getLogger(VoiceWebhook.class);
  /** Statuses after which nothing more comes of a call. */
  private static final Set<String> OVER =
      Set.of("completed", "canceled", "failed", "busy", "no-answer");

  private static final int MAX_BODY = 16 * 1024;
  private static final int MAX_PARAMETER = 400;

  private final MediaOptions options;
  private final Admission admission;
  private final EndedCalls endedByUs;
  private final OtherNodes others;
  private final VoiceMeters meters;
  private final PublicUrl url;
  private final CarrierProof proof;
  private final Visitors visitors;
  private final Seldom refusals;
  private final Seldom failures;

  VoiceWebhook(MediaNode node, PublicUrl url, CarrierProof proof, Visitors visitors) {
    this.options = node.options;
    this.admission = node.admission;
    this.endedByUs = node.endedByUs;
    this.others = node.others;
    this.meters = node.meters;
    this.url = url;
    this.proof = proof;
    this.visitors = visitors;
    this.refusals = new Seldom(node.clock);
    this.failures = new Seldom(node.clock);
  }

  void mount(Router router) {
    for (int status : new int[] {400, 408, 413, 500}) {
      router.errorHandler(status, this::failed);
    }
    router
        .post("/twilio/*")
        .handler(TimeoutHandler.create(options.requestTimeout().toMillis(), 408));
    router.post("/twilio/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    router.post("/twilio/*").handler(this::authenticate);
    router.post(VOICE).handler(this::voice);
    router.post(AFTER_STREAM).handler(this::afterStream);
    router.post("/twilio/status").handler(this::status);
    router
        .post("/twilio/amd")
        .handler(context -> context.response().setStatusCode(204).end());
  }

  private void authenticate(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (proof.of(request)) {
      visitors.proven(request.remoteAddress());
      context.next();
      return;
    }
    meters.callRefused("signature");
    if (refusals.now()) {
      LOG.warn(
          "refused {}: {} the signature of a carrier; if calls are refused behind a proxy, set "
              + "media.publicUrl to the address the carrier calls{}",
          request.path(),
          request.getHeader(CarrierProof.HEADER) == null ? "it lacks" : "it does not bear",
          refusals.omitted());
    }
    context.response().setStatusCode(403).putHeader("Connection", "close").end();
  }

  /** A body that is too large, cut short or too slow is the peer's fault and no line of the log; ours are. */
  private void failed(RoutingContext context) {
    int status = context.statusCode();
    if (status == 500 && !(context.failure() instanceof HttpClosedException) && failures.now()) {
      LOG.error("{} failed{}", context.request().path(), failures.omitted(), context.failure());
    }
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .setStatusCode(status < 400 ? 500 : status)
          .putHeader("Connection", "close")
          .end();
    }
  }

  private void voice(RoutingContext context) {
    connect(context, false);
  }

  /** The stream has ended. When it was not our wish and the caller is still there, the call goes on. */
  private void afterStream(RoutingContext context) {
    String callSid = field(context, "CallSid");
    String lastWords = endedByUs.lastWords(callSid);
    if (lastWords != null) {
      hangUp(context, lastWords);
    } else if (callSid.isEmpty() || over(context)) {
      hangUp(context, "");
    } else {
      others
          .ended(new CallId(callSid))
          .onSuccess(ended -> ended.ifPresentOrElse(
              words -> hangUp(context, words), () -> connect(context, others.present())));
    }
  }

  /** @param lastWords empty: none */
  private static void hangUp(RoutingContext context, String lastWords) {
    answer(context, lastWords.isEmpty() ? TwiMl.hangUp() : TwiMl.sayAndHangUp(lastWords));
  }

  /** Who hung up between the webhook's answer and the stream would otherwise keep a place until its token expires. */
  private void status(RoutingContext context) {
    if (over(context)) {
      admission.left(field(context, "CallSid"));
    }
    context.response().setStatusCode(204).end();
  }

  private static boolean over(RoutingContext context) {
    return OVER.contains(field(context, "CallStatus"));
  }

  private void connect(RoutingContext context, boolean resumed) {
    String callSid = field(context, "CallSid");
    HttpServerRequest request = context.request();
    if (!callSid.matches("[A-Za-z0-9]{2,64}") || !url.knownTo(request.headers())) {
      meters.callRefused("bad_request");
      context.response().setStatusCode(400).end("CallSid or Host is missing");
      return;
    }
    String refusal = admission.reserve(callSid);
    boolean tls = request.isSSL();
    if (refusal != null && hop(request) < MAX_HOPS && others.haveRoom()) {
      // The balancer gives the repeated request to the next node.
      String again = (resumed ? AFTER_STREAM : VOICE) + "?" + HOP + "=" + (hop(request) + 1)
          + (resumed ? "&" + BROKE + "=" + brokeMs(request) : "");
      answer(context, TwiMl.redirect(url.base(request.headers(), tls) + again));
      return;
    }
    if (refusal != null) {
      meters.callRefused(refusal);
      LOG.info("call {} refused: {}", new CallId(callSid), refusal);
      answer(
          context,
          options.busyRedirect().isEmpty()
              ? TwiMl.sayAndHangUp(options.busyText())
              : TwiMl.redirect(options.busyRedirect()));
      return;
    }
    boolean outbound = field(context, "Direction").startsWith("outbound");
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("token", admission.token(callSid));
    parameters.put("customer", cut(field(context, outbound ? "To" : "From")));
    parameters.put("agent", cut(field(context, outbound ? "From" : "To")));
    parameters.put("direction", outbound ? "outbound" : "inbound");
    if (resumed) {
      parameters.put(RESUMED, "true");
      parameters.put(BROKE, String.valueOf(brokeMs(request)));
    }
    answer(
        context,
        TwiMl.connect(
            url.socket(request.headers(), tls) + MEDIA,
            url.base(request.headers(), tls) + AFTER_STREAM,
            parameters));
  }

  private static int hop(HttpServerRequest request) {
    String hop = request.getParam(HOP);
    return hop != null && hop.matches("[0-9]") ? Integer.parseInt(hop) : 0;
  }

  /** The first node that is asked sees it; a redirect takes it along. */
  private static long brokeMs(HttpServerRequest request) {
    String seen = request.getParam(BROKE);
    return seen != null && seen.matches("[0-9]{1,18}")
        ? Long.parseLong(seen)
        : System.currentTimeMillis();
  }

  private static String field(RoutingContext context, String name) {
    return Objects.requireNonNullElse(context.request().getFormAttribute(name), "");
  }

  /** The carrier takes names and values of 500 characters together; no number or SIP address comes near. */
  private static String cut(String value) {
    return value.length() <= MAX_PARAMETER ? value : value.substring(0, MAX_PARAMETER);
  }

  private static void answer(RoutingContext context, String xml) {
    context.response().putHeader("Content-Type", "text/xml; charset=utf-8").end(xml);
  }
}
