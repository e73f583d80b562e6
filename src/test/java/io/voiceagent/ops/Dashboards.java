package io.voiceagent.ops;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what a dashboard file asks of Prometheus. */
final class Dashboards {
  private Dashboards() {}

  static JsonObject read(Path file) throws IOException {
    return new JsonObject(Files.readString(file));
  }

  /** Every panel that is no row, those inside of rows included. */
  static List<JsonObject> panels(Path file) throws IOException {
    List<JsonObject> panels = new ArrayList<>();
    collect(read(file).getJsonArray("panels"), panels);
    return panels;
  }

  /** The queries of all panels, annotations and variables, as they stand in the file. */
  static List<String> expressions(Path file) throws IOException {
    List<String> expressions = new ArrayList<>();
    for (JsonObject panel : panels(file)) {
      expressions.addAll(expressions(panel));
    }
    JsonObject dashboard = read(file);
    for (Object annotation : dashboard.getJsonObject("annotations").getJsonArray("list")) {
      String expression = ((JsonObject) annotation).getString("expr");
      if (expression != null) {
        expressions.add(expression);
      }
    }
    for (Object variable : dashboard.getJsonObject("templating").getJsonArray("list")) {
      if (((JsonObject) variable).getValue("query") instanceof JsonObject query) {
        expressions.add(query.getString("query"));
      }
    }
    return expressions;
  }

  static List<String> expressions(JsonObject panel) {
    List<String> expressions = new ArrayList<>();
    for (Object target : panel.getJsonArray("targets", new JsonArray())) {
      expressions.add(((JsonObject) target).getString("expr"));
    }
    return expressions;
  }

  private static void collect(JsonArray from, List<JsonObject> into) {
    for (Object item : from) {
      JsonObject panel = (JsonObject) item;
      if (panel.getString("type").equals("row")) {
        collect(panel.getJsonArray("panels", new JsonArray()), into);
      } else {
        into.add(panel);
      }
    }
  }
}
