package io.parley.deployment;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What one resource says of another is so. */
enum ReferenceRule implements Rule {
  /** Each is there, or an operator makes it, or {@code k8s/README.md} says who must. */
  WHAT_IS_NAMED_IS_THERE(
      rendering -> {
        Set<String> there = there(rendering);
        there.addAll(given());
        return named(rendering).stream()
            .filter(each -> !there.contains(each))
            .map(each -> each + " is not there");
      }),

  /** And it says nothing of what nobody names. */
  WHAT_IS_GIVEN_IS_NAMED(
      rendering -> {
        Set<String> named = named(rendering);
        return given().stream()
            .filter(each -> !named.contains(each))
            .map(each -> each + " is asked for in k8s/README.md, and used by nobody");
      }) {
    @Override
    boolean holds(Rendering rendering) {
      return rendering.overlay().equals("production");
    }
  },

  NO_NAME_TWICE(
      rendering ->
          rendering.resources().stream()
              .collect(Collectors.groupingBy(Resource::id, Collectors.counting()))
              .entrySet()
              .stream()
              .filter(each -> each.getValue() > 1)
              .map(each -> each.getKey() + " is there twice")),

  ONE_NAMESPACE(
      rendering ->
          rendering.resources().stream()
              .filter(each -> !each.kind().equals("Namespace"))
              .filter(each -> !each.json().at("/metadata/namespace").asString("").equals("parley"))
              .map(each -> each + " is in another namespace")),

  /** A service chooses the pods of one workload, at ports that they have. */
  SERVICES_LEAD_SOMEWHERE(
      rendering ->
          rendering
              .all("Service")
              .filter(
                  service ->
                      rendering
                              .workloads()
                              .filter(
                                  each ->
                                      Resource.selects(
                                              service.spec().path("selector"), each.podLabels())
                                          && ports(each)
                                              .containsAll(
                                                  service
                                                      .spec()
                                                      .path("ports")
                                                      .valueStream()
                                                      .map(
                                                          port ->
                                                              port.path("targetPort").asString(""))
                                                      .toList()))
                              .count()
                          != 1)
              .map(each -> each + " does not lead to one workload")),

  /** A workload selects its own pods and no other's, and every mount has its volume. */
  WORKLOADS_FIT(
      rendering ->
          rendering
              .withPods()
              .filter(
                  each ->
                      (each.isWorkload() && !selected(rendering, each).equals(List.of(each.name())))
                          || !volumes(each).equals(mounts(each)))
              .map(each -> each + " does not fit together"));

  private static final Pattern GIVEN = Pattern.compile("(?m)^\\| (\\w+) `([\\w.-]+)` \\|");

  @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
  private final Function<Rendering, Stream<String>> check;

  ReferenceRule(Function<Rendering, Stream<String>> check) {
    this.check = check;
  }

  @Override
  public List<String> violations(Rendering rendering) {
    return holds(rendering) ? check.apply(rendering).toList() : List.of();
  }

  boolean holds(Rendering rendering) {
    return true;
  }

  private static Set<String> there(Rendering rendering) {
    Set<String> there =
        rendering.resources().stream()
            .map(Resource::id)
            .collect(Collectors.toCollection(HashSet::new));
    // What the operators make of theirs.
    rendering.all("KafkaUser").forEach(user -> there.add("Secret/" + user.name()));
    rendering
        .all("Kafka")
        .forEach(
            kafka -> {
              there.add("Secret/" + kafka.name() + "-cluster-ca-cert");
              there.add("Service/" + kafka.name() + "-kafka-bootstrap");
            });
    rendering
        .all("Cluster")
        .forEach(
            cluster -> {
              there.add("Secret/" + cluster.name() + "-app");
              there.add("Secret/" + cluster.name() + "-ca");
              there.add("Service/" + cluster.name() + "-rw");
            });
    return there;
  }

  /** What {@code k8s/README.md} says must be there before. */
  private static Set<String> given() {
    Set<String> given = new HashSet<>();
    Matcher rows = GIVEN.matcher(Manifests.text(Manifests.K8S.resolve("README.md")));
    while (rows.find()) {
      given.add(rows.group(1) + "/" + rows.group(2));
    }
    return given;
  }

  private static Set<String> named(Rendering rendering) {
    Set<String> named = new TreeSet<>();
    rendering
        .withPods()
        .forEach(
            each -> {
              named.add("ServiceAccount/" + each.pod().path("serviceAccountName").asString(""));
              each.spec()
                  .path("serviceName")
                  .asStringOpt()
                  .ifPresent(name -> named.add("Service/" + name));
            });
    rendering.resources().forEach(each -> collect(each, each.json(), named));
    rendering
        .all("ConfigMap")
        .flatMap(each -> each.json().path("data").valueStream())
        .forEach(value -> hosts(value.asString(""), named));
    return named;
  }

  /** Whatever has the shape of a reference, wherever it stands. */
  private static void collect(Resource resource, JsonNode node, Set<String> named) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getValue().path("name").asString("");
      switch (field.getKey()) {
        case "configMapRef", "configMapKeyRef", "configMap" -> named.add("ConfigMap/" + name);
        case "secretRef", "secretKeyRef", "passwordSecret" -> named.add("Secret/" + name);
        case "secretName" -> named.add("Secret/" + field.getValue().asString(""));
        case "certificateRefs" ->
            field.getValue().forEach(each -> named.add("Secret/" + each.path("name").asString("")));
        case "backendRefs" ->
            field
                .getValue()
                .forEach(each -> named.add("Service/" + each.path("name").asString("")));
        case "parentRefs" ->
            field
                .getValue()
                .forEach(each -> named.add("Gateway/" + each.path("name").asString("")));
        case "gatewayClassName" -> named.add("GatewayClass/" + field.getValue().asString(""));
        case "className" -> named.add("VolumeSnapshotClass/" + field.getValue().asString(""));
        case "imageCatalogRef", "scaleTargetRef" ->
            named.add(field.getValue().path("kind").asString("") + "/" + name);
        case "strimzi.io/cluster" -> named.add("Kafka/" + field.getValue().asString(""));
        case "cnpg.io/cluster" -> named.add("Cluster/" + field.getValue().asString(""));
        case "cluster" -> named.add("Cluster/" + name);
        case "value" -> hosts(field.getValue().asString(""), named);
        default -> {
          // No reference.
        }
      }
      collect(resource, field.getValue(), named);
    }
    if (node.isArray()) {
      node.forEach(each -> collect(resource, each, named));
    }
  }

  /** Services of the operators' in addresses. */
  private static void hosts(String value, Set<String> named) {
    Matcher host = Pattern.compile("(parley-[a-z-]+):\\d+").matcher(value);
    while (host.find()) {
      named.add("Service/" + host.group(1));
    }
  }

  private static Set<String> ports(Resource workload) {
    return workload.containers().stream()
        .flatMap(each -> each.path("ports").valueStream())
        .map(port -> port.path("name").asString(""))
        .collect(Collectors.toSet());
  }

  private static List<String> selected(Rendering rendering, Resource workload) {
    JsonNode selector = workload.spec().at("/selector/matchLabels");
    return rendering
        .withPods()
        .filter(each -> Resource.selects(selector, each.podLabels()))
        .map(Resource::name)
        .toList();
  }

  private static Set<String> mounts(Resource workload) {
    return workload.containers().stream()
        .flatMap(each -> each.path("volumeMounts").valueStream())
        .map(mount -> mount.path("name").asString(""))
        .collect(Collectors.toSet());
  }

  private static Set<String> volumes(Resource workload) {
    return Stream.concat(
            workload.pod().path("volumes").valueStream().map(each -> each.path("name")),
            workload
                .spec()
                .path("volumeClaimTemplates")
                .valueStream()
                .map(each -> each.at("/metadata/name")))
        .map(name -> name.asString(""))
        .collect(Collectors.toSet());
  }
}
