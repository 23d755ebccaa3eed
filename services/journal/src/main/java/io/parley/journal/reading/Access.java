package io.parley.journal.reading;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Who may do what: the one place. Bearer tokens are JWTs (RFC 9068 in spirit) with a claim {@code
 * roles}.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
public class Access {
  /** May record anything. */
  public static final String EDITOR = "editor";

  private static final String ROLES = "roles";
  private static final int CACHED_TOKENS = 10_000;
  private static final Duration CACHED_FOR = Duration.ofMinutes(1);

  @Bean
  SecurityWebFilterChain paths(
      ServerHttpSecurity http, ReactiveJwtDecoder tokens, ProblemHandler problems) {
    ServerAuthenticationEntryPoint whoAreYou =
        (exchange, error) -> {
          exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
          return problems.write(exchange, unauthenticated(exchange.getRequest().getHeaders()));
        };
    ServerAccessDeniedHandler notYou = (exchange, error) -> problems.write(exchange, forbidden());
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .authorizeExchange(
            paths ->
                paths
                    .pathMatchers(HttpMethod.POST, "/api/*/commands")
                    .hasAuthority(EDITOR)
                    .pathMatchers("/api/commands/**")
                    .hasAuthority(EDITOR)
                    .anyExchange()
                    .permitAll())
        .oauth2ResourceServer(
            server ->
                server
                    .authenticationEntryPoint(whoAreYou)
                    .accessDeniedHandler(notYou)
                    .jwt(
                        jwt ->
                            jwt.jwtDecoder(tokens)
                                .jwtAuthenticationConverter(Access::authentication)))
        .exceptionHandling(
            errors -> errors.authenticationEntryPoint(whoAreYou).accessDeniedHandler(notYou))
        .build();
  }

  /**
   * What the firewall refuses, such as a path with control characters, is an answer with a body
   * too.
   */
  @Bean
  ServerExchangeRejectedHandler notReadable(ProblemHandler problems) {
    return (exchange, refused) ->
        problems.write(
            exchange,
            Problem.badRequest("UNREADABLE", "the request's path or headers are not readable"));
  }

  @Bean
  ReactiveJwtDecoder tokens(ParleyProperties properties) {
    ParleyProperties.Security security = properties.security();
    if (security.keys() == null) {
      return token ->
          Mono.error(new BadJwtException("no key is configured (parley.security.keys)"));
    }
    JWKSet keys = load(security.keys());
    NimbusReactiveJwtDecoder decoder =
        NimbusReactiveJwtDecoder.withJwkSource(token -> Flux.fromIterable(keys.getKeys()))
            .jwsAlgorithm(SignatureAlgorithm.ES256)
            .build();
    // A client sends the same token with every request: its signature is checked once a minute, all
    // else each time.
    decoder.setJwtValidator(_ -> OAuth2TokenValidatorResult.success());
    OAuth2TokenValidator<Jwt> claims =
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createDefaultWithIssuer(security.issuer()),
            new JwtClaimValidator<List<String>>(
                JwtClaimNames.AUD,
                audience -> audience != null && audience.contains(security.audience())));
    Cache<String, Jwt> signed =
        Caffeine.newBuilder().maximumSize(CACHED_TOKENS).expireAfterWrite(CACHED_FOR).build();
    return text ->
        Mono.justOrEmpty(signed.getIfPresent(text))
            .switchIfEmpty(
                Mono.defer(() -> decoder.decode(text)).doOnNext(token -> signed.put(text, token)))
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

  private static JWKSet load(Path file) {
    try {
      return JWKSet.load(file.toFile()).toPublicJWKSet();
    } catch (IOException | ParseException e) {
      throw new IllegalStateException(
          "the key set " + file + " (parley.security.keys) cannot be read", e);
    }
  }

  private static Mono<JwtAuthenticationToken> authentication(Jwt token) {
    String subject = token.getSubject();
    if (subject == null || subject.isBlank()) {
      // Every event names its author (rule 30): a token that names nobody cannot write one.
      return Mono.error(new InvalidBearerTokenException("the token has no subject"));
    }
    List<String> roles = token.getClaimAsStringList(ROLES);
    List<GrantedAuthority> authorities =
        roles == null
            ? List.of()
            : roles.stream().<GrantedAuthority>map(SimpleGrantedAuthority::new).toList();
    return Mono.just(new JwtAuthenticationToken(token, authorities, subject));
  }

  private static Problem unauthenticated(HttpHeaders headers) {
    return headers.containsHeader(HttpHeaders.AUTHORIZATION)
        ? Problem.of(
            HttpStatus.UNAUTHORIZED,
            "INVALID_CREDENTIALS",
            "the bearer token is not valid here, or no longer")
        : Problem.of(HttpStatus.UNAUTHORIZED, "NO_CREDENTIALS", "a bearer token is needed");
  }

  private static Problem forbidden() {
    return Problem.of(HttpStatus.FORBIDDEN, "FORBIDDEN", "the token's roles do not allow this");
  }
}
