package io.parley.journal.reading;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a client ask so often and no more ({@link RateProperties}): by its address before anything
 * is read of it, by its subject once that is known. What is refused costs no budget.
 */
public final class Rates {
  private static final String HEALTH = "/actuator/health";
  private static final String RECORDS = "/commands";
  private static final int NETWORK_BYTES = 8;
  private static final int IPV6_BYTES = 16;

  private final Duration window;
  private final Budget commandsBySubject;
  private final Budget commandsByAddress;
  private final Budget readsBySubject;
  private final Budget readsByAddress;

  Rates(RateProperties properties, TimeMeter time) {
    window = properties.window();
    commandsBySubject =
        new Budget(properties.commandsBySubject(), "commands of one subject", properties, time);
    commandsByAddress =
        new Budget(properties.commandsByAddress(), "commands of one address", properties, time);
    readsBySubject =
        new Budget(properties.readsBySubject(), "requests of one subject", properties, time);
    readsByAddress =
        new Budget(properties.readsByAddress(), "requests of one address", properties, time);
  }

  /** Counts by address: comes before tokens are looked at, which costs more. */
  WebFilter byAddress() {
    return (exchange, chain) -> {
      ServerHttpRequest request = exchange.getRequest();
      // Whether this instance lives must be told under any load.
      if (!request.getPath().value().startsWith(HEALTH)) {
        (records(request) ? commandsByAddress : readsByAddress).charge(address(request));
      }
      return chain.filter(exchange);
    };
  }

  /** Counts by subject, of whom a token was checked. */
  WebFilter bySubject() {
    return this::countSubject;
  }

  private Mono<Void> countSubject(ServerWebExchange exchange, WebFilterChain chain) {
    Budget budget = records(exchange.getRequest()) ? commandsBySubject : readsBySubject;
    return exchange
        .getPrincipal()
        .doOnNext(who -> budget.charge(who.getName()))
        .then(Mono.defer(() -> chain.filter(exchange)));
  }

  private static boolean records(ServerHttpRequest request) {
    return request.getMethod().equals(HttpMethod.POST)
        && request.getPath().value().endsWith(RECORDS);
  }

  /** The address that a request counts for. */
  public static String address(ServerHttpRequest request) {
    InetSocketAddress remote = request.getRemoteAddress();
    return remote == null ? "" : address(remote.getAddress(), remote.getHostString());
  }

  /** Of IPv6 the network: whoever has one address of it has them all. */
  static String address(@Nullable InetAddress address, String named) {
    if (address instanceof Inet6Address six && six.getAddress().length == IPV6_BYTES) {
      return HexFormat.of().formatHex(six.getAddress(), 0, NETWORK_BYTES);
    }
    return address == null ? named : address.getHostAddress();
  }

  /** What each client may ask of one kind; who asks nothing for a window is forgotten. */
  private final class Budget {
    private final int requests;
    private final String what;
    private final LoadingCache<String, Bucket> buckets;

    Budget(int requests, String what, RateProperties properties, TimeMeter time) {
      this.requests = requests;
      this.what = what;
      this.buckets =
          Caffeine.newBuilder()
              .maximumSize(properties.clients())
              .expireAfterAccess(window)
              .ticker(ticker(time))
              .build(client -> full(time));
    }

    private Bucket full(TimeMeter time) {
      return Bucket.builder()
          .addLimit(limit -> limit.capacity(requests).refillGreedy(requests, window))
          .withCustomTimePrecision(time)
          .build();
    }

    private void charge(String client) {
      if (requests == 0) {
        return;
      }
      ConsumptionProbe probe = buckets.get(client).tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        throw Problem.tooMany(
            "RATE_EXCEEDED",
            "there may be " + requests + " " + what + " in " + window.toSeconds() + " s",
            Duration.ofSeconds(Math.ceilDiv(probe.getNanosToWaitForRefill(), 1_000_000_000L)));
      }
    }
  }

  private static Ticker ticker(TimeMeter time) {
    return time::currentTimeNanos;
  }
}
