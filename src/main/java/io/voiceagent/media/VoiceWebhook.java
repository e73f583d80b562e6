package io.voiceagent.media;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.voiceagent.metrics.VoiceMeters;
import io.voiceagent.telephony.TwiMl;
import io.voiceagent.telephony.TwilioSignature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the carrier's webhooks. */
final class VoiceWebhook {
  static final String VOICE = "/twilio/voice";
  static final String AFTER_STREAM = "/twilio/after-stream";
  static final String MEDIA = "/twilio/media";

  private static final Logger LOG = LoggerFactory.getLogger(VoiceWebhook.class);
  /** Statuses after which nothing more comes of a call. */
  private static final Set<String> OVER =
      Set.of("completed", "canceled", "failed", "busy", "no-answer");

  private static final int MAX_BODY = 16 * 1024;

  private final MediaOptions options;
  private final Admission admission;
  private final EndedCalls endedByUs;
  private final VoiceMeters meters;
  private final TwilioSignature signature;

  VoiceWebhook(
      MediaOptions options, Admission admission, EndedCalls endedByUs, VoiceMeters meters) {
    this.options = options;
    this.admission = admission;
    this.endedByUs = endedByUs;
    this.meters = meters;
    this.signature = options.twilio().authToken().isEmpty()
        ? new TwilioSignature("unset")
        : new TwilioSignature(options.twilio().authToken());
  }

  void mount(Router router) {
    router.post("/twilio/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    router.post("/twilio/*").handler(this::authenticate);
    router.post(VOICE).handler(this::voice);
    router.post(AFTER_STREAM).handler(this::afterStream);
    router.post("/twilio/status").handler(this::status);
    router
        .post("/twilio/amd")
        .handler(context -> context.response().setStatusCode(204).end());
  }

  /** Whether the upgrade of a media socket comes from the carrier. */
  boolean signed(
      String uri, @Nullable String host, @Nullable String proto, @Nullable String given) {
    return !options.twilio().validateSignatures()
        || given != null
            && signature.valid(socketUrl(publicBase(host, proto)) + uri, List.of(), given);
  }

  private void authenticate(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!options.twilio().validateSignatures()) {
      context.next();
      return;
    }
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    request.formAttributes().forEach((name, value) -> fields.add(Map.entry(name, value)));
    String given = request.getHeader("X-Twilio-Signature");
    if (given != null && signature.valid(base(request) + request.uri(), fields, given)) {
      context.next();
      return;
    }
    meters.callRefused("signature");
    LOG.warn(
        "refused {}: {} the signature of a carrier; if calls are refused behind a proxy, set "
            + "media.publicUrl to the address the carrier calls",
        request.path(),
        given == null ? "it lacks" : "it does not bear");
    context.response().setStatusCode(403).end();
  }

  private void voice(RoutingContext context) {
    connect(context);
  }

  /** The stream has ended. When it was not our wish and the caller is still there, the call goes on. */
  private void afterStream(RoutingContext context) {
    String callSid = field(context, "CallSid");
    if (callSid.isEmpty() || over(context) || endedByUs.contains(callSid)) {
      answer(context, TwiMl.hangUp());
      return;
    }
    connect(context);
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

  private void connect(RoutingContext context) {
    String callSid = field(context, "CallSid");
    if (!callSid.matches("[A-Za-z0-9]{2,64}")) {
      meters.callRefused("bad_request");
      context.response().setStatusCode(400).end("CallSid is missing");
      return;
    }
    String refusal = admission.reserve(callSid);
    if (refusal != null) {
      meters.callRefused(refusal);
      LOG.info("call {} refused: {}", callSid, refusal);
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
    parameters.put("customer", field(context, outbound ? "To" : "From"));
    parameters.put("agent", field(context, outbound ? "From" : "To"));
    parameters.put("direction", outbound ? "outbound" : "inbound");
    String base = base(context.request());
    answer(context, TwiMl.connect(socketUrl(base) + MEDIA, base + AFTER_STREAM, parameters));
  }

  private String base(HttpServerRequest request) {
    String proto = request.getHeader("X-Forwarded-Proto");
    return publicBase(
        request.getHeader("Host"),
        proto == null ? Objects.requireNonNullElse(request.scheme(), "http") : proto);
  }

  /** Without a configured address the request says it; a forged one would not match its signature. */
  private String publicBase(@Nullable String host, @Nullable String proto) {
    return options.publicUrl().isEmpty()
        ? ("https".equals(proto) || "wss".equals(proto) ? "https" : "http") + "://" + host
        : options.publicUrl();
  }

  private static String socketUrl(String base) {
    return "ws" + base.substring("http".length());
  }

  private static String field(RoutingContext context, String name) {
    return Objects.requireNonNullElse(context.request().getFormAttribute(name), "");
  }

  private static void answer(RoutingContext context, String xml) {
    context.response().putHeader("Content-Type", "text/xml; charset=utf-8").end(xml);
  }
}
