package io.parley.journal.reading;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Which bearer tokens are believed (RFC 8725): signed by a key of the configured set with one of
 * the configured algorithms, for this audience, by this issuer, and within their time. A token must
 * say when it ends.
 */
final class BearerTokens implements ReactiveJwtDecoder {
  private static final int CACHED_TOKENS = 10_000;
  private static final Duration CACHED_FOR = Duration.ofMinutes(1);

  /** Keys that the issuer takes back are believed for so long at most, and a minute. */
  private static final Duration KEYS_FOR = Duration.ofMinutes(5);

  private static final Duration FETCH_WITHIN = Duration.ofSeconds(5);

  /** While the issuer is away, its last keys are believed for so long. */
  private static final Duration WITHOUT_ISSUER = Duration.ofHours(1);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Map<String, NimbusReactiveJwtDecoder> byAlgorithm = new HashMap<>();
  private final OAuth2TokenValidator<Jwt> claims;

  // A client sends the same token with every request: its signature is checked once a minute, all
  // else each time.
  private final Cache<String, Jwt> signed =
      Caffeine.newBuilder().maximumSize(CACHED_TOKENS).expireAfterWrite(CACHED_FOR).build();

  private BearerTokens(ParleyProperties.Security security, Function<SignedJWT, Flux<JWK>> keysOf) {
    for (SignatureAlgorithm algorithm : security.algorithms()) {
      NimbusReactiveJwtDecoder decoder =
          NimbusReactiveJwtDecoder.withJwkSource(keysOf).jwsAlgorithm(algorithm).build();
      decoder.setJwtValidator(_ -> OAuth2TokenValidatorResult.success());
      byAlgorithm.put(algorithm.getName(), decoder);
    }
    JwtTimestampValidator time = new JwtTimestampValidator(security.clockSkew());
    time.setAllowEmptyExpiryClaim(false);
    // RFC 9068 says at+jwt, most issuers JWT or nothing; an id token has another audience.
    JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt");
    type.setAllowEmpty(true);
    claims =
        new DelegatingOAuth2TokenValidator<>(
            time,
            type,
            new JwtIssuerValidator(security.expectedIssuer()),
            new JwtAudienceValidator(security.audience()));
  }

  /** What these settings believe; without any key nobody. */
  static ReactiveJwtDecoder of(ParleyProperties.Security security) {
    if (security.keys() != null) {
      JWKSet keys = load(security.keys());
      return new BearerTokens(security, token -> Flux.fromIterable(keys.getKeys()));
    }
    if (security.jwkSetUri() != null || security.issuerUri() != null) {
      JWKSource<SecurityContext> keys = remote(security);
      return new BearerTokens(security, token -> fetched(keys, token));
    }
    return token ->
        Mono.error(
            new BadJwtException(
                "no key is configured (parley.security.keys, .jwk-set-uri or .issuer-uri)"));
  }

  @Override
  public Mono<Jwt> decode(String text) {
    return Mono.justOrEmpty(signed.getIfPresent(text))
        .switchIfEmpty(Mono.defer(() -> verified(text)).doOnNext(token -> signed.put(text, token)))
        .handle(
            (token, sink) -> {
              var checked = claims.validate(token);
              if (checked.hasErrors()) {
                sink.error(
                    new JwtValidationException(
                        "the token's claims do not hold", checked.getErrors()));
              } else {
                sink.next(token);
              }
            });
  }

  private Mono<Jwt> verified(String text) {
    NimbusReactiveJwtDecoder decoder;
    try {
      decoder = byAlgorithm.get(JWTParser.parse(text).getHeader().getAlgorithm().getName());
    } catch (ParseException e) {
      return Mono.error(new BadJwtException("not a JWT", e));
    }
    return decoder == null
        ? Mono.error(new BadJwtException("signed by no algorithm that is believed"))
        : decoder.decode(text).onErrorMap(IllegalStateException.class, BearerTokens::away);
  }

  /** Not 401: the token may be good, and its owner need not throw it away. */
  private static Throwable away(IllegalStateException noKeys) {
    return noKeys.getCause() == null
        ? noKeys
        : Problem.unavailable(
            "ISSUER_AWAY", "the issuer's keys cannot be had just now", RETRY_AFTER);
  }

  /** Fetched on a thread that may wait; kept, and for tokens of unknown keys asked for seldom. */
  private static JWKSource<SecurityContext> remote(ParleyProperties.Security security) {
    return JWKSourceBuilder.<SecurityContext>create(
            new IssuerKeys(security.jwkSetUri(), security.issuerUri(), FETCH_WITHIN))
        .cache(KEYS_FOR.toMillis(), FETCH_WITHIN.multipliedBy(4).toMillis())
        .refreshAheadCache(false)
        .rateLimited(true)
        .outageTolerant(WITHOUT_ISSUER.toMillis())
        .build();
  }

  private static Flux<JWK> fetched(JWKSource<SecurityContext> keys, SignedJWT token) {
    return Mono.fromCallable(
            () -> keys.get(new JWKSelector(JWKMatcher.forJWSHeader(token.getHeader())), null))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMapIterable(found -> found);
  }

  private static JWKSet load(Path file) {
    try {
      return JWKSet.load(file.toFile()).toPublicJWKSet();
    } catch (IOException | ParseException e) {
      throw new IllegalStateException(
          "the key set " + file + " (parley.security.keys) cannot be read", e);
    }
  }
}
