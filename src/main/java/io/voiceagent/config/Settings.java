package io.voiceagent.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Typed view of flat, dotted keys. It remembers which keys were asked for, with their defaults and which are secret, and
 * collects every fault instead of throwing at the first: read everything, then call {@link #check()}.
 *
 * <p>Lists are written as one value, comma separated, or as a YAML list (the loader joins them with commas). An empty
 * value counts as absent. Not thread-safe; used once, at start.
 */
public final class Settings {
  /** A value and where it came from: a file's name, {@code environment NAME} or {@code --set}. */
  public record Entry(String value, String source) {}

  /** A key as it was asked for. */
  public record Known(String key, String fallback, boolean secret) {}

  private final Map<String, Entry> entries;
  private final Map<String, Known> known = new TreeMap<>();
  private final Set<String> emptyCounts = new TreeSet<>();
  private final Set<String> openPrefixes = new TreeSet<>();
  private final List<String> faults = new ArrayList<>();

  public Settings(Map<String, Entry> entries) {
    this(entries, List.of());
  }

  /** @param faults what went wrong before: files that are missing, values that could not be made */
  public Settings(Map<String, Entry> entries, List<String> faults) {
    this.entries = new TreeMap<>(entries);
    this.faults.addAll(faults);
  }

  /** The same faults so far, other values: for settings that are completed before they are read. */
  public Settings with(Map<String, Entry> others) {
    return new Settings(others, faults);
  }

  /** For tests: dotted keys and values, all from {@code test}. */
  public static Settings of(Map<String, String> values) {
    Map<String, Entry> entries = new TreeMap<>();
    values.forEach((key, value) -> entries.put(key, new Entry(value, "test")));
    return new Settings(entries);
  }

  public String string(String key, String fallback) {
    return raw(key, fallback, false);
  }

  /** A text for which empty is a value of its own: the fallback counts only when the key is not set at all. */
  public String text(String key, String fallback) {
    emptyCounts.add(key);
    return raw(key, fallback, false);
  }

  /** A value that is masked wherever it is shown; empty when absent. */
  public String secret(String key) {
    return raw(key, "", true);
  }

  public boolean flag(String key, boolean fallback) {
    String value = raw(key, String.valueOf(fallback), false);
    if (!value.equals("true") && !value.equals("false")) {
      fault(key, "must be true or false, not '" + value + "'");
      return fallback;
    }
    return value.equals("true");
  }

  public int integer(String key, int fallback, int min, int max) {
    String value = raw(key, String.valueOf(fallback), false);
    try {
      int number = Integer.parseInt(value);
      if (number < min || number > max) {
        fault(key, "must be between " + min + " and " + max + ", not " + value);
        return fallback;
      }
      return number;
    } catch (NumberFormatException e) {
      fault(key, "must be a whole number, not '" + value + "'");
      return fallback;
    }
  }

  public double decimal(String key, double fallback, double min, double max) {
    String value = raw(key, String.valueOf(fallback), false);
    try {
      double number = Double.parseDouble(value);
      if (!(number >= min && number <= max)) {
        fault(key, "must be between " + min + " and " + max + ", not " + value);
        return fallback;
      }
      return number;
    } catch (NumberFormatException e) {
      fault(key, "must be a number, not '" + value + "'");
      return fallback;
    }
  }

  /** {@code 250ms}, {@code 5s}, {@code 10m}, {@code 1h}; {@code 0} is allowed. */
  public Duration duration(String key, Duration fallback) {
    String value = raw(key, print(fallback), false);
    try {
      return parseDuration(value);
    } catch (IllegalArgumentException e) {
      fault(key, "must be a duration such as 250ms, 5s, 10m or 1h, not '" + value + "'");
      return fallback;
    }
  }

  public <E extends Enum<E>> E oneOf(String key, E fallback) {
    Class<E> type = fallback.getDeclaringClass();
    String value = raw(key, fallback.name().toLowerCase(Locale.ROOT), false);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(value.replace('-', '_'))) {
        return constant;
      }
    }
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      names.add(constant.name().toLowerCase(Locale.ROOT));
    }
    fault(key, "must be one of " + String.join(", ", names) + ", not '" + value + "'");
    return fallback;
  }

  public List<String> list(String key, List<String> fallback) {
    String value = raw(key, String.join(",", fallback), false);
    List<String> items = new ArrayList<>();
    for (String item : value.split(",")) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return List.copyOf(items);
  }

  /** Names directly below {@code prefix.}; keys there are free and not faulted as unknown unless never read. */
  public Set<String> namesBelow(String prefix) {
    openPrefixes.add(prefix);
    Set<String> names = new TreeSet<>();
    for (String key : entries.keySet()) {
      if (key.startsWith(prefix + ".")) {
        names.add(key.substring(prefix.length() + 1).split("\\.", 2)[0]);
      }
    }
    return names;
  }

  /** Records a fault of {@code key}, with the place where it was set. */
  public void fault(String key, String message) {
    Entry entry = entries.get(key);
    faults.add(key + " " + message + (entry == null ? "" : " (" + entry.source() + ")"));
  }

  /** Adds a fault unless a value is there. */
  public void require(String key, String value, String hint) {
    if (value.isEmpty()) {
      faults.add(key + " is missing: " + hint);
    }
  }

  /** Throws when anything was wrong, unknown keys included. Call it after everything was read. */
  public void check() {
    List<String> all = new ArrayList<>(faults);
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      if (!known.containsKey(entry.getKey())) {
        all.add(entry.getKey() + " is not a known key (" + entry.getValue().source() + ")"
            + suggestion(entry.getKey()));
      }
    }
    if (!all.isEmpty()) {
      throw new SettingsException(all);
    }
  }

  /** Every key that was asked for, sorted. */
  public List<Known> known() {
    return List.copyOf(known.values());
  }

  /** Where the value of {@code key} came from; {@code default} when it was not set. */
  public String sourceOf(String key) {
    Entry entry = entries.get(key);
    return entry == null ? "default" : entry.source();
  }

  public Map<String, Entry> entries() {
    return Collections.unmodifiableMap(entries);
  }

  private String raw(String key, String fallback, boolean secret) {
    known.putIfAbsent(key, new Known(key, fallback, secret));
    return effective(key, fallback);
  }

  /** What {@code key} amounts to, given its fallback. */
  public String effective(String key, String fallback) {
    Entry entry = entries.get(key);
    if (entry == null || entry.value().isEmpty() && !emptyCounts.contains(key)) {
      return fallback;
    }
    return entry.value();
  }

  private String suggestion(String key) {
    String best = "";
    int bestDistance = 4;
    for (String candidate : known.keySet()) {
      int distance = distance(key, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + best + "?";
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], above) + 1, diagonal + cost);
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  static Duration parseDuration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    int split = 0;
    while (split < text.length() && Character.isDigit(text.charAt(split))) {
      split++;
    }
    if (split == 0 || split > 12) {
      throw new IllegalArgumentException(text);
    }
    long amount = Long.parseLong(text.substring(0, split));
    return switch (text.substring(split)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** The inverse of the parser, in the largest unit that fits. */
  public static String print(Duration duration) {
    long ms = duration.toMillis();
    if (ms == 0) {
      return "0";
    }
    if (ms % 3_600_000 == 0) {
      return ms / 3_600_000 + "h";
    }
    if (ms % 60_000 == 0) {
      return ms / 60_000 + "m";
    }
    return ms % 1000 == 0 ? ms / 1000 + "s" : ms + "ms";
  }
}
