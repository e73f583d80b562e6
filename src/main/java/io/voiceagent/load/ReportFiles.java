package io.voiceagent.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes what a run came to: {@code report.json}, {@code report.html} and logs of histograms. */
public final class ReportFiles {
  private ReportFiles() {}

  /**
   * @param broken the limits that did not hold
   * @param curve of a search for the capacity, one object per load tried; otherwise empty
   */
  public static void write(
      LoadResult result, List<Threshold> broken, JsonArray curve, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    JsonObject json = ReportJson.of(result, broken, curve);
    Files.writeString(directory.resolve("report.json"), json.encodePrettily());
    Files.writeString(directory.resolve("report.html"), page(json));
    log(result, directory.resolve("first-audio.hlog"));
    try (PrintStream to = stream(directory.resolve("generator-late.hlog"))) {
      HistogramLogWriter writer = new HistogramLogWriter(to);
      writer.outputLegend();
      writer.outputIntervalHistogram(result.latenessMicros());
    }
  }

  /** One line per look, so that any tool for such logs can plot it. */
  private static void log(LoadResult result, Path file) throws IOException {
    try (PrintStream stream = stream(file)) {
      HistogramLogWriter writer = new HistogramLogWriter(stream);
      writer.outputComment("first audio at the caller, microseconds");
      writer.outputLegend();
      double from = 0;
      for (int i = 0; i < result.intervals().size(); i++) {
        double to = result.samples().get(i).atSeconds();
        Histogram interval = result.intervals().get(i);
        interval.setStartTimeStamp(Math.round(from * 1000));
        interval.setEndTimeStamp(Math.round(to * 1000));
        writer.outputIntervalHistogram(from, to, interval, 1000);
        from = to;
      }
    }
  }

  private static PrintStream stream(Path file) throws IOException {
    return new PrintStream(file.toFile(), StandardCharsets.UTF_8);
  }

  private static String page(JsonObject json) throws IOException {
    // A closing tag inside of a text would end the script.
    String data = json.encode().replace("</", "<\\/");
    return resource("report.html")
        .replace("/*UPLOT_CSS*/", resource("uplot/uPlot.min.css"))
        .replace("/*UPLOT_JS*/", resource("uplot/uPlot.iife.min.js"))
        .replace("/*DATA*/null", data);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportFiles.class.getResourceAsStream("/load/" + name)) {
      if (in == null) {
        throw new IOException("the jar lacks load/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
