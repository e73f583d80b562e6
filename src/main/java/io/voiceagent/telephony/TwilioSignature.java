package io.voiceagent.telephony;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The {@code X-Twilio-Signature} header: HMAC-SHA1 over the public URL and the sorted form fields.
 *
 * @see <a href="https://www.twilio.com/docs/usage/security#validating-requests">the algorithm</a>
 */
public final class TwilioSignature {
  private final SecretKeySpec key;

  /** @param authToken the account's primary token */
  public TwilioSignature(String authToken) {
    this.key = new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), "HmacSHA1");
  }

  /**
   * Whether {@code signature} belongs to this request. The carrier is not consistent about ports and a trailing slash, so
   * each form that it may have signed is accepted.
   *
   * @param url as the carrier was told to call it; {@code wss://} for the upgrade of a media socket
   * @param fields name and value of every form field, as received
   */
  public boolean valid(String url, List<Map.Entry<String, String>> fields, String signature) {
    byte[] given = signature.getBytes(StandardCharsets.UTF_8);
    boolean match = false;
    for (String candidate : candidates(url)) {
      // No early way out: the time tells nothing.
      match |=
          MessageDigest.isEqual(sign(candidate, fields).getBytes(StandardCharsets.UTF_8), given);
    }
    return match;
  }

  /** The signature of a request, base64. */
  public String sign(String url, List<Map.Entry<String, String>> fields) {
    TreeMap<String, TreeSet<String>> sorted = new TreeMap<>();
    for (Map.Entry<String, String> field : fields) {
      sorted.computeIfAbsent(field.getKey(), name -> new TreeSet<>()).add(field.getValue());
    }
    StringBuilder text = new StringBuilder(url);
    sorted.forEach((name, values) -> values.forEach(value -> text.append(name).append(value)));
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(key);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA1 is part of every Java platform", e);
    }
  }

  private static List<String> candidates(String url) {
    List<String> urls = new ArrayList<>(List.of(url));
    int scheme = url.indexOf("://") + 3;
    int path = url.indexOf('/', scheme);
    String host = path < 0 ? url.substring(scheme) : url.substring(scheme, path);
    String rest = path < 0 ? "" : url.substring(path);
    boolean secure = url.startsWith("https") || url.startsWith("wss");
    int port = host.lastIndexOf(':');
    boolean explicit = port > host.lastIndexOf(']') && port >= 0;
    urls.add(url.substring(0, scheme)
        + (explicit ? host.substring(0, port) : host + (secure ? ":443" : ":80"))
        + rest);
    if (url.startsWith("ws")) {
      List.copyOf(urls).forEach(known -> urls.add(known + "/"));
    }
    return urls;
  }
}
