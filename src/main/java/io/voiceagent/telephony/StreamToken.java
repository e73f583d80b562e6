package io.voiceagent.telephony;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Binds a media socket to the webhook that asked for it: {@code expiry.nonce.hmac} over the call's SID, so that any node
 * with the same secret can check it. Single use is the business of whoever redeems it.
 */
public final class StreamToken {
  private final SecretKeySpec key;

  public StreamToken(byte[] secret) {
    this.key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /**
   * @param expiresAt wall clock, milliseconds
   * @param nonce unguessable and unique
   */
  public String mint(String callSid, long expiresAt, String nonce) {
    String body = Long.toString(expiresAt, 36) + "." + nonce;
    return body + "." + mac(callSid + "." + body);
  }

  /** The nonce when the token is ours, of this call and not expired; null otherwise. */
  public @Nullable String check(String callSid, String token, long now) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3 || token.length() > 200) {
      return null;
    }
    String expected = mac(callSid + "." + parts[0] + "." + parts[1]);
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), parts[2].getBytes(StandardCharsets.UTF_8))) {
      return null;
    }
    return Long.parseLong(parts[0], 36) >= now ? parts[1] : null;
  }

  private String mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is part of every Java platform", e);
    }
  }
}
