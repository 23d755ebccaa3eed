package io.parley.deployment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Who may speak to whom, and where a path leads. */
enum TrafficRule implements Rule {
  DEFAULT_DENY(
      rendering ->
          rendering
                  .all("NetworkPolicy")
                  .anyMatch(
                      each ->
                          each.spec().path("podSelector").isEmpty()
                              && types(each).equals(Set.of("Ingress", "Egress"))
                              && each.spec().path("ingress").isEmpty()
                              && each.spec().path("egress").isEmpty())
              ? Stream.empty()
              : Stream.of("nothing is denied by default")),

  /** An allowance says from whom, and at which port. */
  NOBODY_FROM_ANYWHERE(
      rendering ->
          allowances(rendering, "ingress")
              .filter(each -> each.getValue().path("from").isEmpty())
              .map(each -> each.getKey() + " lets anybody in")),

  /** To anywhere only the operators' pods, and only to the API of the cluster. */
  NOBODY_TO_ANYWHERE(
      rendering ->
          allowances(rendering, "egress")
              .filter(
                  each ->
                      each.getValue().path("to").isEmpty()
                          && (mayBeOurs(rendering, each.getKey())
                              || !Set.of(443, 6443).containsAll(ports(each.getValue()))
                              || each.getValue().path("ports").isEmpty()))
              .map(each -> each.getKey() + " lets pods out to anywhere")),

  /** The gateway to 8080, who watches to 8081, and nobody else to anything. */
  SERVICES_ARE_REACHED_BY_TWO(
      rendering ->
          allowances(rendering, "ingress")
              .filter(each -> mayBeOurs(rendering, each.getKey()))
              .filter(
                  each -> {
                    Set<Integer> ports = ports(each.getValue());
                    String from = each.getValue().path("from").toString();
                    return each.getValue().path("from").size() != 1
                        || !((ports.equals(Set.of(8080)) && from.contains("parley/gateway"))
                            || (ports.equals(Set.of(8081)) && from.contains("parley/monitoring")));
                  })
              .map(each -> each.getKey() + " lets others in")),

  /** Every path of the HTTP contract leads to the service that has it. */
  PATHS_LEAD_TO_THEIR_SERVICE(
      rendering ->
          paths().entrySet().stream()
              .filter(each -> !leadsTo(rendering, each.getKey()).equals(Set.of(each.getValue())))
              .map(
                  each ->
                      each.getKey()
                          + " leads to "
                          + leadsTo(rendering, each.getKey())
                          + " and not to "
                          + each.getValue())),

  /** Health, metrics and what else is for operators of the cluster is no path of the gateway's. */
  NOTHING_ELSE_IS_OUTSIDE(
      rendering ->
          Stream.of("/", "/actuator/prometheus", "/actuator/health", "/api/x/commands")
              .filter(path -> !leadsTo(rendering, path).isEmpty())
              .map(path -> path + " is reached from outside")),

  /** What lasts as long as it lasts is not cut off. */
  STREAMS_HAVE_NO_DEADLINE(
      rendering ->
          Stream.of(
                  "/api/events",
                  "/api/negotiations/n/events",
                  "/api/audit/negotiations/n/verify",
                  "/api/schedule/commands")
              .filter(
                  path ->
                      !winner(rendering, path)
                          .map(each -> each.rule().at("/timeouts/request").asString(""))
                          .toList()
                          .equals(List.of("0s")))
              .map(path -> path + " is cut off"));

  @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
  private final Function<Rendering, Stream<String>> check;

  TrafficRule(Function<Rendering, Stream<String>> check) {
    this.check = check;
  }

  @Override
  public List<String> violations(Rendering rendering) {
    return check.apply(rendering).toList();
  }

  private static Map<String, String> paths() {
    return Map.ofEntries(
        Map.entry("/api/schedule/commands", "schedule"),
        Map.entry("/api/delegation/commands", "delegation"),
        Map.entry("/api/announcement/commands", "announcement"),
        Map.entry("/api/commands/schedule.n.AbC", "schedule"),
        Map.entry("/api/commands/delegation.n.AbC", "delegation"),
        Map.entry("/api/commands/announcement.n.AbC", "announcement"),
        Map.entry("/api/events", "stream"),
        Map.entry("/api/negotiations/istanbul-2025/events", "stream"),
        Map.entry("/api/negotiations", "projection"),
        Map.entry("/api/negotiations/istanbul-2025/schedule.ics", "projection"),
        Map.entry("/api/negotiations/events/timeline", "projection"),
        Map.entry("/api/people/vladimir-medinsky/itinerary", "projection"),
        Map.entry("/api/search", "projection"),
        Map.entry("/api/audit/negotiations/istanbul-2025/verify", "projection"),
        Map.entry("/api/operations/projections", "projection"),
        Map.entry("/schemas/ids/1", "projection"),
        Map.entry("/subjects", "projection"));
  }

  /** A rule of a route, and how exactly it matches a path. */
  private record Match(JsonNode rule, int rank, int length) {}

  private static Set<String> leadsTo(Rendering rendering, String path) {
    return winner(rendering, path)
        .map(each -> each.rule().at("/backendRefs/0/name").asString(""))
        .collect(Collectors.toSet());
  }

  /** As most gateways have it: exact before pattern before prefix, the longer first. */
  private static Stream<Match> winner(Rendering rendering, String path) {
    return rendering
        .all("HTTPRoute")
        .flatMap(route -> route.spec().path("rules").valueStream())
        .flatMap(
            rule -> rule.path("matches").valueStream().flatMap(match -> match(rule, match, path)))
        .max(java.util.Comparator.comparingInt(Match::rank).thenComparingInt(Match::length))
        .stream();
  }

  private static Stream<Match> match(JsonNode rule, JsonNode match, String path) {
    String value = match.at("/path/value").asString("");
    return switch (match.at("/path/type").asString("")) {
      case "Exact" -> path.equals(value) ? Stream.of(new Match(rule, 3, 0)) : Stream.empty();
      case "RegularExpression" ->
          Pattern.matches(value, path) ? Stream.of(new Match(rule, 2, 0)) : Stream.empty();
      case "PathPrefix" ->
          path.equals(value) || path.startsWith(value + "/")
              ? Stream.of(new Match(rule, 1, value.length()))
              : Stream.empty();
      default -> throw new IllegalArgumentException("what is " + match + "?");
    };
  }

  private static Set<String> types(Resource policy) {
    return policy
        .spec()
        .path("policyTypes")
        .valueStream()
        .map(each -> each.asString(""))
        .collect(Collectors.toSet());
  }

  private static Stream<Map.Entry<Resource, JsonNode>> allowances(
      Rendering rendering, String direction) {
    return rendering
        .all("NetworkPolicy")
        .flatMap(
            each -> each.spec().path(direction).valueStream().map(one -> Map.entry(each, one)));
  }

  private static boolean mayBeOurs(Rendering rendering, Resource policy) {
    return rendering
        .withPods()
        .anyMatch(
            each ->
                Resource.selects(policy.spec().at("/podSelector/matchLabels"), each.podLabels()));
  }

  private static Set<Integer> ports(JsonNode allowance) {
    return allowance
        .path("ports")
        .valueStream()
        .map(each -> each.path("port").asInt(0))
        .collect(Collectors.toSet());
  }
}
