package io.voiceagent.app;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * A collector that takes OTLP over HTTP and reads as much of its protobuf as tests ask about
 * (opentelemetry/proto/trace/v1/trace.proto).
 */
final class OtlpReceiver implements AutoCloseable {
  /** Times are nanoseconds since the epoch; attributes of other types than text are left out. */
  record Span(
      String traceId,
      String spanId,
      String parentId,
      String name,
      long startedAt,
      long endedAt,
      Map<String, String> attributes) {}

  private final HttpServer server;
  private final List<Span> spans = new CopyOnWriteArrayList<>();

  OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", exchange -> {
      byte[] body = exchange.getRequestBody().readAllBytes();
      // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans.
      each(
          body,
          (number, resource) -> each(bytes(resource), (n, scope) -> {
            if (n == 2) {
              each(bytes(scope), (m, span) -> {
                if (m == 2) {
                  spans.add(span(bytes(span)));
                }
              });
            }
          }));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  private static Span span(byte[] message) {
    Map<Integer, Object> fields = new TreeMap<>();
    Map<String, String> attributes = new TreeMap<>();
    each(message, (number, value) -> {
      if (number == 9) {
        attribute(bytes(value), attributes);
      } else {
        fields.put(number, value);
      }
    });
    HexFormat hex = HexFormat.of();
    return new Span(
        hex.formatHex(bytes(field(fields, 1))),
        hex.formatHex(bytes(field(fields, 2))),
        fields.containsKey(4) ? hex.formatHex(bytes(field(fields, 4))) : "",
        new String(bytes(field(fields, 5)), StandardCharsets.UTF_8),
        (long) field(fields, 7),
        (long) field(fields, 8),
        attributes);
  }

  private static Object field(Map<Integer, Object> fields, int number) {
    return Objects.requireNonNull(fields.get(number), "a span without field " + number);
  }

  private static void attribute(byte[] keyValue, Map<String, String> into) {
    String[] key = {""};
    each(keyValue, (number, value) -> {
      if (number == 1) {
        key[0] = new String(bytes(value), StandardCharsets.UTF_8);
      } else {
        each(bytes(value), (type, any) -> {
          if (type == 1) {
            into.put(key[0], new String(bytes(any), StandardCharsets.UTF_8));
          }
        });
      }
    });
  }

  private static byte[] bytes(Object value) {
    return (byte[]) value;
  }

  /** Calls {@code field} with every field's number and its value: a long, or bytes. */
  private static void each(byte[] message, BiConsumer<Integer, Object> field) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      int number = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> field.accept(number, varint(in));
        case 1 -> field.accept(number, in.getLong());
        case 2 -> {
          byte[] value = new byte[(int) varint(in)];
          in.get(value);
          field.accept(number, value);
        }
        case 5 -> field.accept(number, (long) in.getInt());
        default -> throw new IllegalArgumentException("wire type of tag " + tag);
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
