package io.parley.journal.reading;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
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
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.web.server.ServerWebExchange;
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

  private static final String SECRETARIAT = "secretariat";
  private static final String AUDITOR = "auditor";
  private static final String OPERATOR = "operator";
  private static final String PARTY = "party:";
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
                    .access(Access::mayRecord)
                    .pathMatchers("/api/commands/**")
                    .access(Access::mayRecord)
                    .pathMatchers("/api/audit/**")
                    .hasAuthority(AUDITOR)
                    .pathMatchers("/api/operations/**")
                    .hasAuthority(OPERATOR)
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

  /** That there is something that it may record: what, the service knows (rule 32). */
  private static Mono<AuthorizationResult> mayRecord(
      Mono<Authentication> who, AuthorizationContext at) {
    return who.map(Rights::of)
        .defaultIfEmpty(Rights.NONE)
        .map(rights -> new AuthorizationDecision(rights.mayRecordSomething()));
  }

  /**
   * What somebody may do and know.
   *
   * @param roles as the token says them
   */
  public record Rights(Set<String> roles) {
    /** Those of somebody who says nothing. */
    public static final Rights NONE = new Rights(Set.of());

    /** Copies the set. */
    public Rights {
      roles = Set.copyOf(roles);
    }

    /** Those that roles give. */
    public static Rights of(Collection<String> roles) {
      return new Rights(new HashSet<>(roles));
    }

    /** Those of somebody whose token was checked. */
    public static Rights of(Authentication who) {
      return new Rights(
          who.getAuthorities().stream()
              .map(GrantedAuthority::getAuthority)
              .filter(Objects::nonNull)
              .collect(Collectors.toSet()));
    }

    /** Those of who asks. */
    public static Mono<Rights> of(ServerWebExchange exchange) {
      return exchange
          .<Principal>getPrincipal()
          .map(who -> who instanceof Authentication known ? of(known) : NONE)
          .defaultIfEmpty(NONE);
    }

    /** Whether it may record anything. */
    public boolean mayRecordAnything() {
      return roles.contains(EDITOR);
    }

    boolean mayRecordSomething() {
      return mayRecordAnything() || roles.stream().anyMatch(role -> role.startsWith(PARTY));
    }

    /** The parties of a negotiation that it speaks for. */
    public Set<String> parties(String negotiation) {
      String prefix = PARTY + negotiation + "/";
      return roles.stream()
          .filter(role -> role.startsWith(prefix))
          .map(role -> role.substring(prefix.length()))
          .collect(Collectors.toSet());
    }

    /** Whether it may know of everything that is restricted (rules 23 and 31). */
    public boolean mayKnowAll() {
      return roles.contains(EDITOR) || roles.contains(SECRETARIAT) || roles.contains(AUDITOR);
    }

    /** Whether it may know who recorded what, and what was under embargo (rules 30 and 32). */
    public boolean mayAudit() {
      return roles.contains(AUDITOR);
    }

    /** Whether it may know of something restricted that is this party's; null: nobody's. */
    public boolean mayKnow(String negotiation, @Nullable String issuer) {
      return mayKnowAll() || (issuer != null && parties(negotiation).contains(issuer));
    }
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

  /** 403: the roles do not allow it; the same words whatever it is about. */
  public static Problem forbidden() {
    return Problem.of(HttpStatus.FORBIDDEN, "FORBIDDEN", "the token's roles do not allow this");
  }
}
