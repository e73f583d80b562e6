package io.voiceagent.sim;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Twilio as seen by a voice server: calls its webhook, signs its requests, opens media streams and follows the
 * instructions. All calls of one simulator share an event loop and one timer.
 */
public final class CarrierSimulator {
  /** A caller is due every 20 ms; calls spread over as many slots. */
  private static final int SLOTS = 10;

  private static final int SLOT_MS = 2;

  private final Vertx vertx;
  private final String baseUrl;
  private final String authToken;
  private final HttpClient http;
  private final WebSocketClient sockets;
  private final List<List<SimulatedCaller>> slots = new ArrayList<>();
  private final AtomicLong sids = new AtomicLong(System.nanoTime());
  private final long timer;
  private final long startedAt = System.nanoTime();
  private long ticks;
  private int nextSlot;
  private long lateTicks;
  private long worstLateNanos;

  /**
   * Made on the event loop that is to carry the calls.
   *
   * @param baseUrl of the service, such as {@code http://127.0.0.1:8080}
   * @param authToken signs the requests; empty: they are not signed
   */
  public CarrierSimulator(Vertx vertx, String baseUrl, String authToken) {
    this.vertx = vertx;
    this.baseUrl = baseUrl.replaceAll("/+$", "");
    this.authToken = authToken;
    this.http = vertx.createHttpClient(
        new HttpClientOptions().setConnectTimeout(5000).setTrustAll(true).setVerifyHost(false),
        new PoolOptions().setHttp1MaxSize(200).setMaxWaitQueueSize(20_000));
    this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
        .setMaxConnections(100_000)
        .setConnectTimeout(5000)
        .setTcpNoDelay(true)
        .setTrustAll(true)
        .setVerifyHost(false)
        .setMaxFrameSize(1 << 20)
        .setMaxMessageSize(1 << 20));
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>());
    }
    this.timer = vertx.setPeriodic(SLOT_MS, id -> tick());
  }

  /** A call from {@code from} to {@code to}; completes when it is over, never fails. */
  public Future<CallResult> call(String from, String to, Scenario scenario) {
    return place(from, to, scenario, CallerListener.NONE, false).result();
  }

  /** As {@link #call}, with someone watching. */
  public SimulatedCaller place(
      String from, String to, Scenario scenario, CallerListener listener, boolean record) {
    String sid = String.format("CA%032x", sids.incrementAndGet());
    SimulatedCaller caller = new SimulatedCaller(this, sid, from, to, scenario, listener, record);
    slots.get(nextSlot++ % SLOTS).add(caller);
    caller.start();
    return caller;
  }

  void gone(SimulatedCaller caller) {
    slots.forEach(slot -> slot.remove(caller));
  }

  /** How often a slot was served more than 10 ms late, and the worst of it: the generator's own fault. */
  public long lateTicks() {
    return lateTicks;
  }

  public double worstLateMs() {
    return worstLateNanos / 1e6;
  }

  public void close() {
    vertx.cancelTimer(timer);
    http.close();
    sockets.close();
  }

  /** Slots are served by the absolute schedule: a late timer is caught up, so that no frame is left out. */
  private void tick() {
    long now = System.nanoTime();
    long due = (now - startedAt) / (SLOT_MS * 1_000_000L);
    while (ticks < due) {
      long late = now - (startedAt + ticks * SLOT_MS * 1_000_000L);
      if (late > 10_000_000L + SLOT_MS * 1_000_000L) {
        lateTicks++;
      }
      worstLateNanos = Math.max(worstLateNanos, late);
      List<SimulatedCaller> slot = slots.get((int) (ticks++ % SLOTS));
      for (int i = slot.size() - 1; i >= 0; i--) {
        if (i < slot.size()) {
          slot.get(i).tick();
        }
      }
    }
  }

  Future<TwiMlReader> webhook(String path, Map<String, String> fields) {
    String url = path.startsWith("http") ? path : baseUrl + path;
    RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url);
    request.putHeader("Content-Type", "application/x-www-form-urlencoded");
    if (!authToken.isEmpty()) {
      request.putHeader("X-Twilio-Signature", sign(url, fields));
    }
    StringBuilder form = new StringBuilder();
    fields.forEach((name, value) -> form.append(form.length() == 0 ? "" : "&")
        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return http.request(request)
        .compose(made -> made.send(Buffer.buffer(form.toString())))
        .compose(response -> response
            .body()
            .compose(body -> response.statusCode() == 200
                ? Future.succeededFuture(TwiMlReader.read(body.toString()))
                : Future.failedFuture("the webhook answered " + response.statusCode())));
  }

  Future<WebSocket> connect(String url, java.util.function.Consumer<WebSocket> prepare) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions().setAbsoluteURI(url).setTimeout(5000);
    if (!authToken.isEmpty()) {
      options.putHeader("X-Twilio-Signature", sign(url, Map.of()));
    }
    return sockets.connect(options).map(socket -> {
      prepare.accept(socket);
      return socket;
    });
  }

  private String sign(String url, Map<String, String> fields) {
    StringBuilder text = new StringBuilder(url);
    new TreeMap<>(fields).forEach((name, value) -> text.append(name).append(value));
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
