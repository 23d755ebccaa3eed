package io.parley.deployment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource of Kubernetes.
 *
 * @param where file or overlay that it stands in
 */
record Resource(String where, ObjectNode json) {
  private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

  String kind() {
    return json.path("kind").asString("");
  }

  String name() {
    return json.at("/metadata/name").asString("");
  }

  /** Kind and name: what it is called by. */
  String id() {
    return kind() + "/" + name();
  }

  JsonNode spec() {
    return json.path("spec");
  }

  /** Whether it runs pods of ours that stay. */
  boolean isWorkload() {
    return WORKLOADS.contains(kind());
  }

  /** Whether it runs pods of ours, if only for a while. */
  boolean hasPods() {
    return isWorkload() || kind().equals("Job");
  }

  /** Of what has pods, the labels of its pods. */
  Map<String, String> podLabels() {
    return strings(spec().at("/template/metadata/labels"));
  }

  /** Of what has pods, what they are. */
  JsonNode pod() {
    return spec().at("/template/spec");
  }

  /** Of what has pods, their containers of all sorts. */
  List<JsonNode> containers() {
    return Stream.of("containers", "initContainers", "ephemeralContainers")
        .flatMap(sort -> pod().path(sort).valueStream())
        .toList();
  }

  /** An object of strings, as a map. */
  static Map<String, String> strings(JsonNode object) {
    return object.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().asString("")));
  }

  /** Whether a selector chooses what has these labels; an empty one chooses everything. */
  static boolean selects(JsonNode matchLabels, Map<String, String> labels) {
    return labels.entrySet().containsAll(strings(matchLabels).entrySet());
  }

  @Override
  public String toString() {
    return where + ": " + id();
  }
}
