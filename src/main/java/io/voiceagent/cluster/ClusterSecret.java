package io.voiceagent.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What members of a cluster have in common and strangers lack. Everything that we put on a wire or into a replicated map
 * is sealed with it: AES-256-GCM, so that it can be neither read nor made without the secret. Thread-safe.
 *
 * <p>A nonce is eight random bytes, drawn by each thread, and a counter; they are drawn anew before it wraps.
 */
public final class ClusterSecret {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String secret;
  private final SecretKeySpec key;
  private final ThreadLocal<Sealer> sealers = ThreadLocal.withInitial(Sealer::new);

  public ClusterSecret(String secret) {
    this.secret = secret;
    this.key = new SecretKeySpec(derive("frames"), "AES");
  }

  /** The cluster's name, which says nothing about the secret to who overhears it. */
  public String clusterName() {
    return "voice-agent-"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(derive("name")).substring(0, 22);
  }

  public byte[] seal(byte[] plain) {
    return sealers.get().seal(plain);
  }

  /** @throws GeneralSecurityException when it was not sealed with this secret */
  public byte[] open(byte[] sealed) throws GeneralSecurityException {
    return sealers.get().open(sealed);
  }

  private byte[] derive(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(("voice-agent 1 " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is part of every Java platform", e);
    }
  }

  private final class Sealer {
    private final Cipher sealing;
    private final Cipher opening;
    private final byte[] prefix = new byte[NONCE - Integer.BYTES];
    private int counter;

    Sealer() {
      try {
        sealing = Cipher.getInstance("AES/GCM/NoPadding");
        opening = Cipher.getInstance("AES/GCM/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES-GCM is part of every Java platform", e);
      }
    }

    byte[] seal(byte[] plain) {
      if (counter == 0) {
        RANDOM.nextBytes(prefix);
      }
      byte[] nonce = ByteBuffer.allocate(NONCE).put(prefix).putInt(counter++).array();
      try {
        sealing.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        byte[] sealed = new byte[NONCE + plain.length + TAG_BITS / 8];
        System.arraycopy(nonce, 0, sealed, 0, NONCE);
        sealing.doFinal(plain, 0, plain.length, sealed, NONCE);
        return sealed;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("could not seal", e);
      }
    }

    byte[] open(byte[] sealed) throws GeneralSecurityException {
      if (sealed.length < NONCE + TAG_BITS / 8) {
        throw new GeneralSecurityException("too short");
      }
      opening.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE));
      return opening.doFinal(sealed, NONCE, sealed.length - NONCE);
    }
  }
}
