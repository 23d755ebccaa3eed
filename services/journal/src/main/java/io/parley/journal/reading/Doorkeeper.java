package io.parley.journal.reading;

import io.parley.journal.reading.Access.Rights;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets pass whom a door opens to, and nobody where there is none: an endpoint that no {@link Doors}
 * name is 404 for everybody, whatever roles they have.
 */
final class Doorkeeper implements ReactiveAuthorizationManager<AuthorizationContext> {
  private final List<Door> doors;

  Doorkeeper(Stream<Doors> all) {
    this.doors =
        all.flatMap(doors -> doors.all().stream())
            // As handlers are found: the more special pattern first.
            .sorted(Comparator.comparing(Door::path))
            .toList();
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> who, AuthorizationContext context) {
    return who.map(Rights::of)
        .defaultIfEmpty(Rights.NONE)
        .map(rights -> decide(rights, context.getExchange()));
  }

  private AuthorizationResult decide(Rights rights, ServerWebExchange exchange) {
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    List<Door> here = doors.stream().filter(door -> door.path().matches(path)).toList();
    if (here.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    HttpMethod asked = exchange.getRequest().getMethod();
    HttpMethod method = asked.equals(HttpMethod.HEAD) ? HttpMethod.GET : asked;
    return here.stream()
        .filter(door -> door.method().equals(method))
        .findFirst()
        .map(door -> new AuthorizationDecision(door.opens().admits(rights)))
        .orElseGet(() -> other(asked, here, rights));
  }

  /** Which methods a path has is no secret: it is in the API's description. */
  private static AuthorizationDecision other(HttpMethod asked, List<Door> here, Rights rights) {
    if (!asked.equals(HttpMethod.OPTIONS)) {
      Set<HttpMethod> methods = here.stream().map(Door::method).collect(Collectors.toSet());
      throw new MethodNotAllowedException(asked, methods);
    }
    return new AuthorizationDecision(here.stream().anyMatch(door -> door.opens().admits(rights)));
  }
}
