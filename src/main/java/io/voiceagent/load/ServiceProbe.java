package io.voiceagent.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Looks at a service's {@code /metrics}: one look at a time, none that takes long or is large. */
final class ServiceProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int LARGEST = 4 << 20;

  private final URI metrics;
  private final HttpClient http = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1)
      .connectTimeout(PATIENCE)
      .build();

  ServiceProbe(String ops) {
    this.metrics = URI.create(ops.replaceAll("/+$", "") + "/metrics");
  }

  /** Empty when the service did not answer in time. */
  MetricsText look() throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(metrics).timeout(PATIENCE).build();
    try {
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        return answer.statusCode() == 200
            ? MetricsText.parse(new String(body.readNBytes(LARGEST), StandardCharsets.UTF_8))
            : MetricsText.EMPTY;
      }
    } catch (IOException | IllegalArgumentException e) {
      return MetricsText.EMPTY;
    }
  }
}
