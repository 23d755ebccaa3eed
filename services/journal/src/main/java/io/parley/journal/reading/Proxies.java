package io.parley.journal.reading;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.ConnectionInfo;
import reactor.netty.transport.AddressUtils;

/**
 * Whose a request is that came through proxies. Each of them adds the address that it saw behind
 * what was there, or puts it in its place: so it is counted from the end. The frameworks take the
 * first address, and {@code Forwarded} before all, which whoever asks may write himself.
 */
@Component
final class Proxies implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {
  private static final String ADDRESSES = "X-Forwarded-For";
  private static final String SCHEMES = "X-Forwarded-Proto";
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private final int trusted;

  Proxies(ProxyProperties properties) {
    this.trusted = properties.trusted();
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    if (trusted > 0) {
      factory.addServerCustomizers(server -> server.forwarded(this::client));
    }
  }

  private ConnectionInfo client(ConnectionInfo seen, HttpRequest request) {
    ConnectionInfo info = seen;
    String address = outermost(request.headers(), ADDRESSES);
    InetSocketAddress peer = seen.getRemoteAddress();
    if (address != null && peer != null) {
      info = info.withRemoteAddress(AddressUtils.parseAddress(address, peer.getPort()));
    }
    String scheme = outermost(request.headers(), SCHEMES);
    return "https".equalsIgnoreCase(scheme) ? info.withScheme("https") : info;
  }

  /** What the outermost of ours wrote; null where fewer than they have written. */
  private @Nullable String outermost(HttpHeaders headers, String name) {
    List<String> written =
        headers.getAll(name).stream().flatMap(COMMA::splitAsStream).map(String::strip).toList();
    return written.size() < trusted ? null : written.get(written.size() - trusted);
  }
}
