package io.voiceagent.telephony;

import java.util.Map;

/**
 * The instructions we answer Twilio's webhooks with.
 *
 * @see <a href="https://www.twilio.com/docs/voice/twiml/stream">stream</a>
 */
public final class TwiMl {
  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";

  private TwiMl() {}

  /**
   * Connects the call to our socket. When the stream ends without us having ended the call, the carrier comes back to
   * {@code afterStream}.
   */
  public static String connect(
      String mediaUrl, String afterStream, Map<String, String> parameters) {
    StringBuilder xml = new StringBuilder(HEAD)
        .append("<Connect action=\"")
        .append(escape(afterStream))
        .append("\" method=\"POST\"><Stream url=\"")
        .append(escape(mediaUrl))
        .append("\">");
    parameters.forEach((name, value) -> xml.append("<Parameter name=\"")
        .append(escape(name))
        .append("\" value=\"")
        .append(escape(value))
        .append("\"/>"));
    return xml.append("</Stream></Connect></Response>").toString();
  }

  /** Speaks {@code text} with the carrier's voice and ends the call. */
  public static String sayAndHangUp(String text) {
    return HEAD + "<Say>" + escape(text) + "</Say><Hangup/></Response>";
  }

  public static String redirect(String url) {
    return HEAD + "<Redirect method=\"POST\">" + escape(url) + "</Redirect></Response>";
  }

  public static String hangUp() {
    return HEAD + "<Hangup/></Response>";
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&apos;");
        default -> escaped.append(c >= ' ' || c == '\n' || c == '\t' ? c : ' ');
      }
    }
    return escaped.toString();
  }
}
