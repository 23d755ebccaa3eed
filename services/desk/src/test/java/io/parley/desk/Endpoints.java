package io.parley.desk;

import io.parley.journal.reading.Door;
import io.parley.journal.reading.Doors;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.result.method.AbstractHandlerMethodMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import reactor.core.publisher.Mono;

/**
 * What a running application serves, as its handler mappings say, each as {@code METHOD pattern}.
 */
final class Endpoints {
  /** Serves files of the classpath, of which there are none; no door leads there. */
  static final String ANY_FILE = "GET /**";

  private Endpoints() {}

  static Set<String> served(ApplicationContext context) {
    Set<String> served = new TreeSet<>();
    for (var mapping : context.getBeansOfType(HandlerMapping.class).entrySet()) {
      switch (mapping.getValue()) {
        case AbstractHandlerMethodMapping<?> methods ->
            methods.getHandlerMethods().keySet().forEach(info -> add(served, info));
        case RouterFunctionMapping routes -> {
          if (routes.getRouterFunction() != null) {
            routes.getRouterFunction().accept(new Routes(served));
          }
        }
        case AbstractUrlHandlerMapping files ->
            files.getHandlerMap().keySet().forEach(path -> served.add("GET " + path));
        default ->
            throw new AssertionError(
                "%s is a kind of mapping whose endpoints nobody counts: %s"
                    .formatted(mapping.getKey(), mapping.getValue().getClass()));
      }
    }
    return served;
  }

  /** The doors of the same application, by their endpoint. */
  static Map<String, Door> doors(ApplicationContext context) {
    return context.getBeansOfType(Doors.class).values().stream()
        .flatMap(doors -> doors.all().stream())
        .collect(Collectors.toMap(door -> door.method() + " " + door.path(), Function.identity()));
  }

  private static void add(Set<String> served, Object mapped) {
    if (!(mapped instanceof RequestMappingInfo info)) {
      throw new AssertionError("mapped by something else than a path: " + mapped);
    }
    Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
    for (var path : info.getPatternsCondition().getPatterns()) {
      if (methods.isEmpty()) {
        served.add("ANY " + path);
      }
      methods.forEach(method -> served.add(method + " " + path));
    }
  }

  /** Collects what routes serve; one that takes every method only says which there are. */
  private static final class Routes implements RouterFunctions.Visitor {
    private final Set<String> served;

    Routes(Set<String> served) {
      this.served = served;
    }

    @Override
    public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
      Parts parts = new Parts();
      predicate.accept(parts);
      if (parts.paths.isEmpty()) {
        throw new AssertionError("a route without a path: " + predicate);
      }
      for (String path : parts.paths) {
        parts.methods.forEach(method -> served.add(method + " " + path));
      }
    }

    @Override
    public void startNested(RequestPredicate predicate) {
      throw new AssertionError("a nested route, whose paths nobody counts: " + predicate);
    }

    @Override
    public void endNested(RequestPredicate predicate) {}

    @Override
    public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
      throw new AssertionError("files that nobody counts");
    }

    @Override
    public void attributes(Map<String, Object> attributes) {}

    @Override
    public void unknown(RouterFunction<?> function) {
      throw new AssertionError("a route of a kind that nobody counts: " + function);
    }
  }

  private static final class Parts implements RequestPredicates.Visitor {
    private final Set<HttpMethod> methods = new HashSet<>();
    private final Set<String> paths = new HashSet<>();

    @Override
    public void method(Set<HttpMethod> given) {
      methods.addAll(given);
    }

    @Override
    public void path(String pattern) {
      paths.add(pattern);
    }

    @Override
    public void version(String version) {}

    // A path is named beside it.
    @Override
    @SuppressWarnings("removal")
    public void pathExtension(String extension) {}

    @Override
    public void header(String name, String value) {}

    @Override
    public void queryParam(String name, String value) {}

    @Override
    public void startAnd() {}

    @Override
    public void and() {}

    @Override
    public void endAnd() {}

    @Override
    public void startOr() {}

    @Override
    public void or() {}

    @Override
    public void endOr() {}

    @Override
    public void startNegate() {}

    @Override
    public void endNegate() {}

    @Override
    public void unknown(RequestPredicate predicate) {}
  }
}
