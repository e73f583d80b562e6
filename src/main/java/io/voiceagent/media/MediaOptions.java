package io.voiceagent.media;

import io.voiceagent.config.Settings;
import java.time.Duration;

/**
 * The public listener and what a call may take from it.
 *
 * @param publicUrl base URL as the carrier sees it, without a slash at its end; empty: from each request
 * @param tlsReload how often the files of certificate and key are looked at
 * @param lead how far ahead of real time audio is sent: long enough to bridge a stall of ours, short enough that little
 *     is wasted when the caller interrupts
 * @param chunk audio per message to the carrier once the first is out; larger costs less
 * @param ring the caller's audio kept while the transcriber is not ready; the oldest is dropped
 * @param inboundTimeout a carrier that sends nothing for so long is gone
 * @param stallTimeout a carrier that takes nothing for so long is gone
 * @param maxConnectionsPerPeer open connections that carry no call from one address (a proxy is one)
 * @param maxConnections open connections that carry no call, of all addresses
 * @param requestTimeout how long a peer may take to bring its request, and a media socket to start its call
 * @param markTimeout how long after its calculated end an unacknowledged utterance counts as played
 */
public record MediaOptions(
    String host,
    int port,
    String publicUrl,
    String tlsCert,
    String tlsKey,
    Duration tlsReload,
    Duration lead,
    Duration chunk,
    Duration ring,
    Duration inboundTimeout,
    Duration stallTimeout,
    Duration markTimeout,
    String tokenSecret,
    String busyText,
    String busyRedirect,
    int maxConnectionsPerPeer,
    int maxConnections,
    Duration requestTimeout,
    TwilioOptions twilio,
    VoiceOptions voice,
    LimitOptions limits) {

  /** The carrier's account. */
  public record TwilioOptions(
      String accountSid,
      String authToken,
      String from,
      String baseUrl,
      boolean validateSignatures) {
    static TwilioOptions from(Settings settings) {
      TwilioOptions options = new TwilioOptions(
          settings.string("telephony.twilio.accountSid", ""),
          settings.secret("telephony.twilio.authToken"),
          settings.string("telephony.twilio.from", ""),
          settings.string("telephony.twilio.baseUrl", "https://api.twilio.com"),
          settings.flag("telephony.twilio.validateSignatures", true));
      if (options.validateSignatures()) {
        settings.require(
            "telephony.twilio.authToken",
            options.authToken(),
            "set TWILIO_AUTH_TOKEN; without it the carrier's requests cannot be told from anyone's");
      }
      return options;
    }

    /** Whether calls can be placed and ended by REST. */
    boolean account() {
      return !accountSid.isEmpty() && !authToken.isEmpty();
    }
  }

  /** What a node takes on. */
  public record LimitOptions(int maxCalls, Duration maxCallDuration, Duration tokenLifetime) {
    static LimitOptions from(Settings settings) {
      return new LimitOptions(
          settings.integer("limits.maxCalls", 5000, 1, 1_000_000),
          settings.duration("limits.maxCallDuration", Duration.ofHours(1)),
          settings.duration("limits.tokenLifetime", Duration.ofSeconds(30)));
    }
  }

  /** These, with {@code secret} for tokens unless one was configured. */
  public MediaOptions withTokenSecret(String secret) {
    return new MediaOptions(
        host,
        port,
        publicUrl,
        tlsCert,
        tlsKey,
        tlsReload,
        lead,
        chunk,
        ring,
        inboundTimeout,
        stallTimeout,
        markTimeout,
        tokenSecret.isEmpty() ? secret : tokenSecret,
        busyText,
        busyRedirect,
        maxConnectionsPerPeer,
        maxConnections,
        requestTimeout,
        twilio,
        voice,
        limits);
  }

  private static Duration reload(Settings settings) {
    Duration every = settings.duration("media.tls.reload", Duration.ofMinutes(1));
    if (every.isZero()) {
      settings.fault("media.tls.reload", "must be longer than 0");
    }
    return every;
  }

  public static MediaOptions from(Settings settings) {
    String publicUrl = settings.string("media.publicUrl", "");
    if (!publicUrl.isEmpty() && !publicUrl.matches("https?://[^/?#]+(/[^?#]*)?")) {
      settings.fault("media.publicUrl", "must be like https://agent.example.com");
    }
    String cert = settings.string("media.tls.cert", "");
    String key = settings.string("media.tls.key", "");
    if (cert.isEmpty() != key.isEmpty()) {
      settings.fault("media.tls.cert", "and media.tls.key must be set together");
    }
    return new MediaOptions(
        settings.string("media.host", "0.0.0.0"),
        settings.integer("media.port", 8080, 0, 65535),
        publicUrl.replaceAll("/+$", ""),
        cert,
        key,
        reload(settings),
        settings.duration("media.playout.lead", Duration.ofMillis(400)),
        settings.duration("media.playout.chunk", Duration.ofMillis(100)),
        settings.duration("media.ring", Duration.ofSeconds(3)),
        settings.duration("media.inboundTimeout", Duration.ofSeconds(20)),
        settings.duration("media.stallTimeout", Duration.ofSeconds(5)),
        settings.duration("media.markTimeout", Duration.ofSeconds(2)),
        settings.secret("media.tokenSecret"),
        settings.string(
            "media.busy.text", "All our lines are busy. Please call again in a few minutes."),
        settings.string("media.busy.redirect", ""),
        settings.integer("media.maxConnectionsPerPeer", 4000, 1, 1_000_000),
        settings.integer("media.maxConnections", 8000, 1, 1_000_000),
        settings.duration("media.requestTimeout", Duration.ofSeconds(10)),
        TwilioOptions.from(settings),
        VoiceOptions.from(settings),
        LimitOptions.from(settings));
  }
}
