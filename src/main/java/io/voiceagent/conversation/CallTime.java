package io.voiceagent.conversation;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Instants as people read them: seconds since the call began. */
public final class CallTime {
  /** An instant or a span of a record's text, unless it is one already. */
  private static final Pattern NANOS =
      Pattern.compile("\\b(\\w*[aA]t|until|\\w+Nanos)=(-?\\d+)(?=[,\\]])");

  private static final String SPAN = "Nanos";

  private CallTime() {}

  /** Such as {@code +12.345678s}. */
  public static String of(long at, long start) {
    return String.format(Locale.ROOT, "%+.6fs", (at - start) / 1e9);
  }

  /** The text of a record with its instants counted from {@code start} and its spans in milliseconds. */
  public static String text(Object shown, long start) {
    return NANOS.matcher(shown.toString()).replaceAll(found -> replaced(found, start));
  }

  static List<String> texts(List<?> shown, long start) {
    return shown.stream().map(each -> text(each, start)).toList();
  }

  private static String replaced(MatchResult found, long start) {
    long nanos = Long.parseLong(found.group(2));
    String name = found.group(1);
    return name.endsWith(SPAN)
        ? String.format(
            Locale.ROOT, "%s=%.3fms", name.substring(0, name.length() - SPAN.length()), nanos / 1e6)
        : name + "=" + (nanos == 0 ? "0" : of(nanos, start));
  }
}
