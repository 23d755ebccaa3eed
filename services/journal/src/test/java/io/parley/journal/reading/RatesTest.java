package io.parley.journal.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** How often a client may ask, by a clock of the test's own. */
class RatesTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Rates rates =
      new Rates(
          new RateProperties(Duration.ofSeconds(10), 2, 3, 4, 5, 1_000),
          new TimeMeter() {
            @Override
            public long currentTimeNanos() {
              return nanos.get();
            }

            @Override
            public boolean isWallClockBased() {
              return false;
            }
          });

  @Test
  void anAddressHasSoManyCommandsAndReadsAndThenWaits() {
    WebFilter filter = rates.byAddress();
    for (int i = 0; i < 3; i++) {
      ask(filter, from("192.0.2.1", HttpMethod.POST, "/api/schedule/commands"));
    }
    refused(filter, from("192.0.2.1", HttpMethod.POST, "/api/schedule/commands"), "3 commands");
    for (int i = 0; i < 5; i++) {
      ask(filter, from("192.0.2.1", HttpMethod.GET, "/api/negotiations"));
    }
    refused(filter, from("192.0.2.1", HttpMethod.GET, "/api/negotiations"), "5 requests");
    ask(filter, from("192.0.2.2", HttpMethod.GET, "/api/negotiations"));
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    ask(filter, from("192.0.2.1", HttpMethod.POST, "/api/schedule/commands"));
    refused(filter, from("192.0.2.1", HttpMethod.POST, "/api/schedule/commands"), "3 commands");
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    for (int i = 0; i < 3; i++) {
      ask(filter, from("192.0.2.1", HttpMethod.POST, "/api/schedule/commands"));
    }
  }

  @Test
  void aSubjectHasItsOwnFromWhereverItAsks() {
    WebFilter filter = rates.bySubject();
    for (int i = 0; i < 4; i++) {
      ask(filter, as("anna", from("192.0.2." + i, HttpMethod.GET, "/api/search")));
    }
    refused(filter, as("anna", from("192.0.2.9", HttpMethod.GET, "/api/search")), "4 requests");
    ask(filter, as("berta", from("192.0.2.9", HttpMethod.GET, "/api/search")));
    ask(filter, as("anna", from("192.0.2.9", HttpMethod.POST, "/api/schedule/commands")));
    for (int i = 0; i < 20; i++) {
      ask(filter, from("192.0.2.9", HttpMethod.GET, "/api/search"));
    }
  }

  @Test
  void healthIsToldUnderAnyLoad() {
    WebFilter filter = rates.byAddress();
    for (int i = 0; i < 50; i++) {
      ask(filter, from("192.0.2.1", HttpMethod.GET, "/actuator/health/liveness"));
    }
  }

  @Test
  void ofIpv6TheNetworkCounts() throws Exception {
    String one = Rates.address(InetAddress.getByName("2001:db8:1:2::1"), "");
    assertThat(Rates.address(InetAddress.getByName("2001:db8:1:2:ffff::9"), "")).isEqualTo(one);
    assertThat(Rates.address(InetAddress.getByName("2001:db8:1:3::1"), "")).isNotEqualTo(one);
    assertThat(Rates.address(InetAddress.getByName("192.0.2.1"), "")).isEqualTo("192.0.2.1");
    assertThat(Rates.address(null, "client.example")).isEqualTo("client.example");
  }

  @Test
  void noughtIsAnyNumber() {
    WebFilter filter =
        new Rates(
                new RateProperties(Duration.ofSeconds(10), 0, 0, 0, 0, 1_000),
                TimeMeter.SYSTEM_NANOTIME)
            .byAddress();
    for (int i = 0; i < 1_000; i++) {
      ask(filter, from("192.0.2.1", HttpMethod.GET, "/api/search"));
    }
  }

  private static MockServerWebExchange from(String address, HttpMethod method, String path) {
    return MockServerWebExchange.from(
        MockServerHttpRequest.method(method, path)
            .remoteAddress(new InetSocketAddress(address, 4711)));
  }

  private static ServerWebExchange as(String subject, ServerWebExchange exchange) {
    return exchange.mutate().principal(Mono.<Principal>just(() -> subject)).build();
  }

  private static void ask(WebFilter filter, ServerWebExchange exchange) {
    boolean[] passed = {false};
    Mono.defer(() -> filter.filter(exchange, _ -> Mono.fromRunnable(() -> passed[0] = true)))
        .block();
    assertThat(passed[0]).isTrue();
  }

  private static void refused(WebFilter filter, ServerWebExchange exchange, String budget) {
    assertThatThrownBy(() -> ask(filter, exchange))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.status().value()).isEqualTo(429);
              assertThat(problem.code()).isEqualTo("RATE_EXCEEDED");
              assertThat(problem).hasMessageContaining("there may be " + budget);
              assertThat(problem).hasMessageContaining("10 s");
              assertThat(problem.retryAfter())
                  .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
            });
  }
}
