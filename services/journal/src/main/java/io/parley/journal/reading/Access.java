package io.parley.journal.reading;

import static io.parley.journal.reading.Door.To.ANYBODY;
import static io.parley.journal.reading.Door.To.OPERATORS;

import io.github.bucket4j.TimeMeter;
import java.security.Principal;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.web.server.ServerWebExchange;
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

  @Bean
  SecurityWebFilterChain paths(
      ServerHttpSecurity http,
      ReactiveJwtDecoder tokens,
      ProblemHandler problems,
      ObjectProvider<Doors> doors,
      RateProperties rates) {
    ServerAuthenticationEntryPoint whoAreYou =
        (exchange, error) -> {
          exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
          return problems.write(exchange, unauthenticated(exchange.getRequest().getHeaders()));
        };
    ServerAccessDeniedHandler notYou = (exchange, error) -> problems.write(exchange, forbidden());
    Rates counted = new Rates(rates, TimeMeter.SYSTEM_NANOTIME);
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .headers(headers -> headers.writer(new SecurityHeaders()))
        .authorizeExchange(
            paths -> paths.anyExchange().access(new Doorkeeper(doors.orderedStream())))
        .addFilterBefore(counted.byAddress(), SecurityWebFiltersOrder.AUTHENTICATION)
        .addFilterBefore(counted.bySubject(), SecurityWebFiltersOrder.AUTHORIZATION)
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
   * What every service has beside its own. Numbers are for operators; where they have a port of
   * their own, who reaches it may read them: that is the network's to say.
   */
  @Bean
  Doors everywhere(Environment environment) {
    boolean apart = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
    return Doors.of(
        Door.get("/actuator", OPERATORS),
        Door.get("/actuator/health", ANYBODY),
        Door.get("/actuator/health/{*path}", ANYBODY),
        Door.get("/actuator/prometheus", apart ? ANYBODY : OPERATORS),
        Door.get("/actuator/sbom", OPERATORS),
        Door.get("/actuator/sbom/{id}", OPERATORS),
        Door.get("/v3/api-docs", ANYBODY),
        Door.get("/v3/api-docs.yaml", ANYBODY),
        Door.get("/v3/api-docs/swagger-config", ANYBODY),
        Door.get("/swagger-ui.html", ANYBODY),
        Door.get("/swagger-ui/**", ANYBODY),
        Door.get("/webjars/**", ANYBODY));
  }

  /**
   * What the firewall refuses, such as a path with control characters, is an answer with a body
   * too.
   */
  @Bean
  ServerExchangeRejectedHandler notReadable(ProblemHandler problems) {
    return (exchange, refused) ->
        new SecurityHeaders()
            .writeHttpHeaders(exchange)
            .then(
                problems.write(
                    exchange,
                    Problem.badRequest(
                        "UNREADABLE", "the request's path or headers are not readable")));
  }

  @Bean
  ReactiveJwtDecoder tokens(ParleyProperties properties) {
    return BearerTokens.of(properties.security());
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

    /** Whether it may operate the service: what makes the answers, and not what they say. */
    public boolean mayOperate() {
      return roles.contains(OPERATOR);
    }

    /** Whether it may know of something restricted that is this party's; null: nobody's. */
    public boolean mayKnow(String negotiation, @Nullable String issuer) {
      return mayKnowAll() || (issuer != null && parties(negotiation).contains(issuer));
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
