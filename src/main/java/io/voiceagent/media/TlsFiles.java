package io.voiceagent.media;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and key of the public listener: read again when their files change, for connections that come from then
 * on. Files that cannot be used leave what there is.
 */
final class TlsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  private final MediaOptions options;
  private String seen;

  TlsFiles(MediaOptions options) {
    this.options = options;
    this.seen = state(options);
  }

  static PemKeyCertOptions keyCert(MediaOptions options) {
    return new PemKeyCertOptions().setCertPath(options.tlsCert()).setKeyPath(options.tlsKey());
  }

  void watch(Vertx vertx, HttpServer server) {
    vertx.setPeriodic(
        options.tlsReload().toMillis(),
        id -> vertx
            .executeBlocking(() -> state(options))
            .onSuccess(now -> {
              if (!now.equals(seen)) {
                seen = now;
                reload(server);
              }
            })
            .onFailure(cause -> LOG.warn("cannot look at media.tls.cert: {}", cause.getMessage())));
  }

  private void reload(HttpServer server) {
    server
        .updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(keyCert(options)), true)
        .onSuccess(changed -> LOG.info("the certificate of the public listener was read again"))
        .onFailure(cause -> LOG.error(
            "media.tls.cert and media.tls.key changed and cannot be used, the old ones stay: {}",
            cause.getMessage()));
  }

  private static String state(MediaOptions options) {
    StringBuilder state = new StringBuilder();
    for (String name : List.of(options.tlsCert(), options.tlsKey())) {
      Path file = Path.of(name);
      try {
        state.append(Files.getLastModifiedTime(file)).append(Files.size(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return state.toString();
  }
}
