package io.voiceagent.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A run as JSON: for machines, and what the page draws from. What was not measured is null. */
final class ReportJson {
  private static final double[] PERCENTILES = {
    0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 100
  };

  private ReportJson() {}

  static JsonObject of(LoadResult result, List<Threshold> broken, JsonArray curve) {
    JsonArray percentiles = new JsonArray();
    for (double percentile : PERCENTILES) {
      percentiles.add(new JsonObject()
          .put("percentile", percentile)
          .put("firstAudioMs", at(result.firstAudioMicros(), percentile))
          .put("bargeInMs", at(result.bargeInMicros(), percentile))
          .put("generatorLateMs", at(result.latenessMicros(), percentile)));
    }
    JsonArray samples = new JsonArray();
    result.samples().forEach(sample -> samples.add(record(sample)));
    JsonArray limits = new JsonArray();
    broken.forEach(limit -> limits.add(limit.explained(result.figures())));
    return new JsonObject()
        .put("product", "Voice Agent v4 load test")
        .put("valid", result.valid())
        .put("invalid", result.invalid())
        .put("machine", machine())
        .put("profile", record(result.profile()))
        .put("brokenLimits", limits)
        .put("figures", numbers(result.figures()))
        .put("stages", numbers(result.stages()))
        .put("problems", new JsonObject(Map.copyOf(result.problems())))
        .put("examples", new JsonArray(result.examples()))
        .put("percentiles", percentiles)
        .put("samples", samples)
        .put("capacity", curve);
  }

  private static JsonObject machine() {
    return new JsonObject()
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
  }

  private static @Nullable Object at(Histogram micros, double percentile) {
    return micros.getTotalCount() == 0
        ? number(Double.NaN)
        : number(micros.getValueAtPercentile(percentile) / 1000.0);
  }

  static JsonObject numbers(Map<String, Double> values) {
    JsonObject json = new JsonObject();
    values.forEach((name, value) -> json.put(name, number(value)));
    return json;
  }

  private static JsonObject record(Record record) {
    JsonObject json = new JsonObject();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        json.put(component.getName(), value(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return json;
  }

  private static @Nullable Object value(Object value) {
    if (value instanceof Duration duration) {
      return duration.toMillis() / 1000.0;
    }
    if (value instanceof Enum<?> name) {
      return name.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Double number ? number(number) : value;
  }

  /** JSON has no NaN. */
  private static @Nullable Double number(double value) {
    return Double.isFinite(value) ? Double.valueOf(Math.round(value * 1000) / 1000.0) : null;
  }
}
