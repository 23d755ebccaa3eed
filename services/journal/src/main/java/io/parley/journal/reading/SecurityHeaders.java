package io.parley.journal.reading;

import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.server.header.ServerHttpHeadersWriter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What every answer tells a browser, errors too, beside what Spring Security writes (nosniff, no
 * frames, HSTS over TLS).
 */
final class SecurityHeaders implements ServerHttpHeadersWriter {
  /** An answer of the API is no page: nothing in it is run, loaded or shown in a frame. */
  private static final String API_POLICY =
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  /** The page to try the API loads its own files; its scripts set styles of elements. */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none';"
          + " form-action 'none'";

  private static final Pattern PAGES = Pattern.compile("/(swagger-ui|webjars)[/.].*");
  private static final String POLICY = "Content-Security-Policy";

  /** Those that are the same everywhere. */
  private static final Map<String, String> CONSTANT =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "geolocation=(), camera=(), microphone=()");

  /** Those of an answer that never reaches WebFlux. */
  static Map<String, String> constant() {
    return CONSTANT;
  }

  /** The policy of an answer that is no page. */
  static String policy() {
    return API_POLICY;
  }

  @Override
  public Mono<Void> writeHttpHeaders(ServerWebExchange exchange) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    CONSTANT.forEach(headers::set);
    String path = exchange.getRequest().getPath().value();
    headers.set(POLICY, PAGES.matcher(path).matches() ? PAGE_POLICY : API_POLICY);
    keepPrivate(exchange, headers);
    return Mono.empty();
  }

  /** What somebody is told who says who he is, no cache keeps for another. */
  private static void keepPrivate(ServerWebExchange exchange, HttpHeaders headers) {
    if (exchange.getRequest().getHeaders().containsHeader(HttpHeaders.AUTHORIZATION)
        && "no-cache".equals(headers.getCacheControl())) {
      headers.setCacheControl("private, no-cache");
    }
  }
}
