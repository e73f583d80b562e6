package io.voiceagent.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads instructions as Twilio would, as far as a voice agent's go. */
record TwiMlReader(
    String streamUrl, String action, Map<String, String> parameters, String say, String redirect) {
  private static final Pattern STREAM = Pattern.compile("<Stream\\b[^>]*\\burl=\"([^\"]*)\"");
  private static final Pattern ACTION = Pattern.compile("<Connect\\b[^>]*\\baction=\"([^\"]*)\"");
  private static final Pattern PARAMETER =
      Pattern.compile("<Parameter\\s+name=\"([^\"]*)\"\\s+value=\"([^\"]*)\"\\s*/>");
  private static final Pattern SAY = Pattern.compile("<Say\\b[^>]*>([^<]*)</Say>");
  private static final Pattern REDIRECT = Pattern.compile("<Redirect\\b[^>]*>([^<]*)</Redirect>");

  static TwiMlReader read(String xml) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(xml);
    while (matcher.find()) {
      parameters.put(unescape(matcher.group(1)), unescape(matcher.group(2)));
    }
    return new TwiMlReader(
        first(STREAM, xml), first(ACTION, xml), parameters, first(SAY, xml), first(REDIRECT, xml));
  }

  private static String first(Pattern pattern, String xml) {
    Matcher matcher = pattern.matcher(xml);
    return matcher.find() ? unescape(matcher.group(1)) : "";
  }

  private static String unescape(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
  }
}
