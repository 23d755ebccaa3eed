package io.parley.journal.reading;

import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes a connection whose request has begun and does not go on, whoever it is: the server's own
 * idle time holds only until a request begins, and one that was refused with half its body sent
 * would stay for ever. The same time holds for both.
 */
@Component
final class SlowRequests implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {
  private final Duration idle;

  SlowRequests(NettyServerProperties server) {
    this.idle = server.getIdleTimeout() == null ? Duration.ofMinutes(2) : server.getIdleTimeout();
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(server -> server.readTimeout(idle));
  }
}
