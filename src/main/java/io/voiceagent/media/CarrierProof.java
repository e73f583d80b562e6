package io.voiceagent.media;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.voiceagent.telephony.TwilioSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells what the carrier sent from what anyone else did: by the signature that each of its requests bears. */
final class CarrierProof {
  static final String HEADER = "X-Twilio-Signature";

  private final boolean wanted;
  private final PublicUrl url;
  /** Null without a token: then nothing can be proven, and nothing is believed. */
  private final @Nullable TwilioSignature signature;

  CarrierProof(MediaOptions.TwilioOptions options, PublicUrl url) {
    this.wanted = options.validateSignatures();
    this.url = url;
    this.signature =
        options.authToken().isEmpty() ? null : new TwilioSignature(options.authToken());
  }

  /** Of a webhook whose body was read. */
  boolean of(HttpServerRequest request) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    request.formAttributes().forEach((name, value) -> fields.add(Map.entry(name, value)));
    return holds(
        url.base(request.headers(), request.isSSL()) + request.uri(),
        fields,
        request.getHeader(HEADER));
  }

  /** Of the upgrade to a media socket. */
  boolean of(ServerWebSocketHandshake handshake) {
    return holds(
        url.socket(handshake.headers(), handshake.isSsl())
            + Objects.requireNonNullElse(handshake.uri(), ""),
        List.of(),
        handshake.headers().get(HEADER));
  }

  private boolean holds(
      String address, List<Map.Entry<String, String>> fields, @Nullable String given) {
    return !wanted || signature != null && given != null && signature.valid(address, fields, given);
  }
}
