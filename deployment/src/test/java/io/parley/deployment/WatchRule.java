package io.parley.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Settings, metrics and alerts are those that there are. */
enum WatchRule implements Rule {
  /** Each {@code PARLEY_} variable is a setting of docs/configuration.md. */
  SETTINGS_ARE_KNOWN(
      rendering ->
          variables(rendering)
              .filter(name -> name.startsWith("PARLEY_") && !settings().contains(name))
              .distinct()
              .map(name -> name + " is no setting")),

  /** Each metric in a rule or in the autoscaler is one of the code. */
  METRICS_ARE_THERE(
      rendering ->
          expressions(rendering)
              .flatMap(WatchRule::named)
              .distinct()
              .filter(name -> !metrics().contains(name))
              .map(name -> name + " is no metric")),

  /** What an operator must hear of. */
  ALERTS_ARE_COMPLETE(
      rendering -> {
        String all = expressions(rendering).collect(Collectors.joining(" "));
        return Stream.of(
                "parley_projection_lag",
                "parley_timeline_lag",
                "parley_streams_up{service=\"timeline\"}",
                "parley_projection_partitions{job=\"projection\", state=\"stopped\"}",
                "parley_projection_halted",
                "parley_audit_verifications_total{verdict=\"differs\"}",
                "parley_releases_late")
            .filter(each -> !all.contains(each))
            .map(each -> "nobody is told of " + each);
      }),

  /** Each alert is in docs/operations.md, and none that is not. */
  ALERTS_ARE_EXPLAINED(
      rendering -> {
        Set<String> told =
            alerts(rendering)
                .map(each -> each.path("alert").asString(""))
                .collect(Collectors.toSet());
        Set<String> explained =
            Pattern.compile("(?m)^\\| `(Parley\\w+)` \\|")
                .matcher(Manifests.text(Manifests.ROOT.resolve("docs/operations.md")))
                .results()
                .map(each -> each.group(1))
                .collect(Collectors.toSet());
        return Stream.concat(
            told.stream()
                .filter(each -> !explained.contains(each))
                .map(each -> each + " is not explained"),
            explained.stream()
                .filter(each -> !told.contains(each))
                .map(each -> each + " is no alert"));
      }),

  ALERTS_ARE_WEIGHED(
      rendering ->
          alerts(rendering)
              .filter(
                  each ->
                      !Set.of("critical", "warning")
                              .contains(each.at("/labels/severity").asString(""))
                          || each.at("/annotations/summary").asString("").isEmpty())
              .map(each -> each.path("alert") + " has no weight, or says nothing")),

  /** All five are watched, also instances that are not ready. */
  EVERY_SERVICE_IS_WATCHED(
      rendering ->
          rendering
              .workloads()
              .filter(
                  workload ->
                      rendering
                          .all("Service")
                          .noneMatch(
                              service ->
                                  Resource.selects(
                                          service.spec().path("selector"), workload.podLabels())
                                      && service
                                          .spec()
                                          .path("publishNotReadyAddresses")
                                          .asBoolean(false)
                                      && rendering
                                          .all("ServiceMonitor")
                                          .anyMatch(
                                              monitor ->
                                                  Resource.selects(
                                                          monitor
                                                              .spec()
                                                              .at("/selector/matchLabels"),
                                                          Resource.strings(
                                                              service
                                                                  .json()
                                                                  .at("/metadata/labels")))
                                                      && monitor
                                                          .spec()
                                                          .at("/endpoints/0/port")
                                                          .equals(
                                                              service.spec().at("/ports/0/name"))
                                                      && monitor
                                                          .spec()
                                                          .at("/endpoints/0/path")
                                                          .asString("")
                                                          .equals("/actuator/prometheus"))))
              .map(each -> each + " is not watched")),

  /** Replicas of streams go by connections, and nobody else sets their number. */
  STREAMS_SCALE_BY_CONNECTIONS(
      rendering ->
          rendering.overlay().equals("production")
                  && rendering
                      .all("HorizontalPodAutoscaler")
                      .noneMatch(
                          each ->
                              each.spec().at("/scaleTargetRef/name").asString("").equals("stream")
                                  && each.spec()
                                      .at("/metrics/0/pods/metric/name")
                                      .asString("")
                                      .equals("parley_stream_connections")
                                  && rendering
                                      .called("Deployment/stream")
                                      .allMatch(stream -> !stream.spec().has("replicas")))
              ? Stream.of("the number of streams' replicas does not follow their connections")
              : Stream.empty());

  private static final Pattern METRIC = Pattern.compile("\\bparley_\\w+");

  /** Of the image and its setup. */
  private static final Set<String> OTHERS =
      Set.of("PARLEY_SERVICE", "PARLEY_SETUP_RIGHTS", "PARLEY_SETUP_PROJECTIONROLE");

  @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
  private final Function<Rendering, Stream<String>> check;

  WatchRule(Function<Rendering, Stream<String>> check) {
    this.check = check;
  }

  @Override
  public List<String> violations(Rendering rendering) {
    return check.apply(rendering).toList();
  }

  private static Stream<JsonNode> alerts(Rendering rendering) {
    return rendering
        .all("PrometheusRule")
        .flatMap(each -> each.spec().path("groups").valueStream())
        .flatMap(group -> group.path("rules").valueStream());
  }

  private static Stream<String> expressions(Rendering rendering) {
    return Stream.concat(
        alerts(rendering).map(each -> each.path("expr").asString("")),
        rendering
            .all("HorizontalPodAutoscaler")
            .flatMap(each -> each.spec().path("metrics").valueStream())
            .map(each -> each.at("/pods/metric/name").asString("")));
  }

  private static Stream<String> named(String expression) {
    return METRIC.matcher(expression).results().map(MatchResult::group);
  }

  private static Stream<String> variables(Rendering rendering) {
    return Stream.concat(
        rendering
            .all("ConfigMap")
            .flatMap(each -> each.json().path("data").propertyStream().map(one -> one.getKey())),
        rendering
            .withPods()
            .flatMap(each -> each.containers().stream())
            .flatMap(each -> each.path("env").valueStream())
            .map(each -> each.path("name").asString("")));
  }

  private static Set<String> settings() {
    return Stream.concat(
            OTHERS.stream(),
            Pattern.compile("(?m)^\\| `(parley[.][\\w.-]+)` \\|")
                .matcher(Manifests.text(Manifests.ROOT.resolve("docs/configuration.md")))
                .results()
                .map(
                    each ->
                        each.group(1)
                            .replace("-", "")
                            .replace('.', '_')
                            .toUpperCase(java.util.Locale.ROOT)))
        .collect(Collectors.toSet());
  }

  /** The meters of the services' code, as Prometheus has their names. */
  private static Set<String> metrics() {
    Pattern meters =
        Pattern.compile(
            "(Gauge[.]builder[(]|FunctionCounter[.]builder[(]|counter[(]registry, )\\s*\"(parley[.][a-z.]+)\"");
    try (Stream<Path> files = Files.walk(Manifests.ROOT.resolve("services"))) {
      return files
          .filter(
              file ->
                  file.toString().contains("/src/main/java/")
                      && file.toString().endsWith("Metrics.java"))
          .flatMap(file -> meters.matcher(Manifests.text(file)).results())
          .map(
              meter ->
                  meter.group(2).replace('.', '_')
                      + (meter.group(1).startsWith("Gauge") ? "" : "_total"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
