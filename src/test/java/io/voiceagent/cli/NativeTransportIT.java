package io.voiceagent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.voiceagent.sim.CallResult;
import io.voiceagent.sim.CarrierSimulator;
import io.voiceagent.sim.Scenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Epoll and OpenSSL in a process of its own, and the same call without them. */
@Timeout(90)
class NativeTransportIT {
  private static final String TOKEN = "test-auth-token";
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir
  private Path directory;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"true, transport epoll, TLS by BoringSSL", "false, transport nio, TLS by the JDK"})
  void aCallOverTlsIsAnsweredAndTheStartSaysWhatCarriesIt(
      boolean nativeCode, String transport, String tls) throws Exception {
    writePem();
    Process service = service(nativeCode);
    try (BufferedReader said = service.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>();
      String url = "";
      for (String line = said.readLine(); line != null && url.isEmpty(); line = said.readLine()) {
        lines.add(line);
        url = line.contains("/twilio/voice")
            ? line.trim().replaceAll("^webhook +https?://|/twilio/voice.*$", "")
            : "";
      }
      assertThat(lines).anySatisfy(line -> assertThat(line).contains("runtime:", transport, tls));

      CallResult result = call("https://" + url);
      assertThat(result.good()).as(result.toString()).isTrue();
    } finally {
      service.destroyForcibly();
    }
  }

  private CallResult call(String url) throws Exception {
    CompletableFuture<CallResult> over = new CompletableFuture<>();
    vertx.runOnContext(x -> new CarrierSimulator(vertx, url, TOKEN)
        .call("+15005550010", "+15005550006", Scenario.of("echo thank you"))
        .onSuccess(over::complete));
    return over.get(60, TimeUnit.SECONDS);
  }

  private Process service(boolean nativeCode) throws IOException {
    List<String> words = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "serve"));
    for (String assignment : List.of(
        "simulator.enabled=true",
        "media.host=127.0.0.1",
        "media.port=0",
        "media.tls.cert=" + directory.resolve("cert.pem"),
        "media.tls.key=" + directory.resolve("key.pem"),
        "ops.host=127.0.0.1",
        "ops.port=0",
        "runtime.eventLoops=2",
        "runtime.nativeTransport=" + nativeCode,
        "agent.greeting=Hello",
        "telephony.twilio.accountSid=AC1",
        "telephony.twilio.authToken=" + TOKEN,
        "log.format=text")) {
      words.addAll(List.of("--set", assignment));
    }
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }

  /** A certificate of nobody: the caller trusts everybody. */
  private void writePem() throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "it",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            store.toString())
        .inheritIO()
        .start();
    assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    pem("cert.pem", "CERTIFICATE", keys.getCertificate("it").getEncoded());
    pem("key.pem", "PRIVATE KEY", keys.getKey("it", PASSWORD).getEncoded());
  }

  private void pem(String file, String what, byte[] der) throws IOException {
    Files.writeString(
        directory.resolve(file),
        "-----BEGIN " + what + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END " + what + "-----\n");
  }
}
