package io.voiceagent.ops;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Who may use {@code /api}: whoever shows the token. Without a token, programs of this machine; not a web page that a
 * browser of this machine shows (it names its {@code Origin}, or a {@code Host} that was pointed at loopback), and not
 * what a proxy of this machine forwards.
 */
final class OpsAuth {
  private static final String SCHEME = "Bearer ";
  private final byte[] token;

  OpsAuth(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (token.length > 0) {
      if (bearer(request.getHeader("Authorization"))) {
        context.next();
      } else {
        context.response().putHeader("WWW-Authenticate", "Bearer");
        Answers.error(context, 401, "a bearer token is needed");
      }
    } else if (fromThisMachine(request)) {
      context.next();
    } else {
      Answers.error(context, 403, "without ops.token only programs of this machine are served");
    }
  }

  private boolean bearer(@Nullable String header) {
    if (header == null || !header.startsWith(SCHEME)) {
      return false;
    }
    byte[] given = header.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(given, token);
  }

  private static boolean fromThisMachine(HttpServerRequest request) {
    return request.getHeader("Origin") == null
        && request.getHeader("X-Forwarded-For") == null
        && request.getHeader("Forwarded") == null
        && isLoopback(request.remoteAddress().hostAddress())
        && namesThisMachine(request.authority());
  }

  private static boolean namesThisMachine(@Nullable HostAndPort authority) {
    if (authority == null) {
      return false;
    }
    String host = authority.host();
    return host.equals("localhost") || isLoopback(host.replace("[", "").replace("]", ""));
  }

  /** Literals only: a name would have to be resolved, and by whom it resolves is the very question. */
  private static boolean isLoopback(@Nullable String host) {
    if (host == null || !host.matches("[0-9.]+|[0-9a-fA-F:]+")) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
