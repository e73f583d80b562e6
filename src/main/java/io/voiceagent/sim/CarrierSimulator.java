package io.voiceagent.sim;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
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
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Twilio as seen by a voice server: calls its webhook, signs its requests, opens media streams and follows the
 * instructions. All calls of one simulator share an event loop and one timer.
 */
public final class CarrierSimulator {
  private final String baseUrl;
  private final String authToken;
  private final HttpClient http;
  private final WebSocketClient sockets;
  private final AtomicLong sids = new AtomicLong(System.nanoTime());
  private final SingleWriterRecorder lateness = new SingleWriterRecorder(3);
  private final Pacer pacer;
  private final Context loop;
  private long active;

  /**
   * Made on the event loop that is to carry the calls.
   *
   * @param baseUrl of the service, such as {@code http://127.0.0.1:8080}
   * @param authToken signs the requests; empty: they are not signed
   */
  public CarrierSimulator(Vertx vertx, String baseUrl, String authToken) {
    this.baseUrl = baseUrl.replaceAll("/+$", "");
    this.authToken = authToken;
    this.http = vertx.createHttpClient(
        // A connection for each request: a carrier asks from many machines, and a balancer deals
        // them out.
        new HttpClientOptions()
            .setKeepAlive(false)
            .setConnectTimeout(5000)
            .setTrustAll(true)
            .setVerifyHost(false),
        new PoolOptions().setHttp1MaxSize(200).setMaxWaitQueueSize(20_000));
    this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
        .setMaxConnections(100_000)
        .setConnectTimeout(5000)
        .setTcpNoDelay(true)
        .setTrustAll(true)
        .setVerifyHost(false)
        .setMaxFrameSize(1 << 20)
        .setMaxMessageSize(1 << 20));
    this.pacer = new Pacer(vertx, lateness);
    this.loop = vertx.getOrCreateContext();
  }

  /** A call from {@code from} to {@code to}; completes when it is over, never fails. */
  public Future<CallResult> call(String from, String to, Scenario scenario) {
    return place(from, to, scenario, CallerListener.NONE, false).result();
  }

  /** As {@link #call}, with someone watching. */
  public SimulatedCaller place(
      String from, String to, Scenario scenario, CallerListener listener, boolean record) {
    String sid = String.format("CA%032x", sids.incrementAndGet());
    return place(CarrierLine.Call.inbound(sid, from, to), scenario, listener, record);
  }

  SimulatedCaller place(
      CarrierLine.Call call, Scenario scenario, CallerListener listener, boolean record) {
    SimulatedCaller caller = new SimulatedCaller(this, call, scenario, listener, record);
    active++;
    pacer.add(caller);
    caller.start();
    return caller;
  }

  void onLoop(Runnable task) {
    loop.runOnContext(x -> task.run());
  }

  void gone(SimulatedCaller caller) {
    active--;
  }

  /** Calls that are up or being set up; on the event loop of the calls only. */
  public long active() {
    return active;
  }

  /** How late each frame was sent, microseconds, since this was asked for the last time: the generator's own fault. */
  public Histogram takeLateness() {
    return lateness.getIntervalHistogram();
  }

  public void close() {
    pacer.close();
    http.close();
    sockets.close();
  }

  /** The body of the answer. */
  Future<String> webhook(String path, Map<String, String> fields) {
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
    Future<HttpClientRequest> asked;
    try {
      asked = http.request(request);
    } catch (IllegalStateException closed) {
      return Future.failedFuture(closed);
    }
    return asked
        .recover(
            cause -> Future.failedFuture("nothing answers at " + url + ": " + cause.getMessage()))
        .compose(made -> made.send(Buffer.buffer(form.toString())))
        .compose(response -> response
            .body()
            .compose(body -> response.statusCode() / 100 == 2
                ? Future.succeededFuture(body.toString())
                : Future.failedFuture(url + " answered " + response.statusCode()
                    + (response.statusCode() == 403
                        ? ", which is what a signature with another auth token gets"
                        : ""))));
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
