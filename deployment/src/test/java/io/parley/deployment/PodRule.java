package io.parley.deployment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What every pod of ours is. */
enum PodRule implements Rule {
  /** Restricted Pod Security. */
  RESTRICTED_NAMESPACE(
      rendering ->
          Stream.of("enforce", "audit", "warn")
              .filter(
                  mode ->
                      rendering
                          .all("Namespace")
                          .noneMatch(
                              each -> isRestricted(each, "pod-security.kubernetes.io/" + mode)))
              .map(mode -> "no namespace has " + mode + "=restricted")),

  NON_ROOT(
      eachPod(
          pod ->
              pod.at("/securityContext/runAsNonRoot").asBoolean(false)
                  && pod.at("/securityContext/runAsUser").asInt(0) > 0,
          "may run as root")),

  CONFINED(
      eachPod(
          pod ->
              pod.at("/securityContext/seccompProfile/type").asString("").equals("RuntimeDefault")
                  && !pod.path("hostNetwork").asBoolean(false)
                  && !pod.path("hostPID").asBoolean(false)
                  && !pod.path("hostIPC").asBoolean(false)
                  && pod.path("volumes").valueStream().noneMatch(volume -> volume.has("hostPath")),
          "sees the host")),

  NO_PRIVILEGE(
      eachContainer(
          container -> {
            JsonNode security = container.path("securityContext");
            return !security.path("allowPrivilegeEscalation").asBoolean(true)
                && !security.path("privileged").asBoolean(false)
                && !security.has("runAsUser")
                && security.path("runAsNonRoot").asBoolean(true)
                && security.at("/capabilities/add").isEmpty()
                && security.at("/capabilities/drop/0").asString("").equals("ALL");
          },
          "has privileges")),

  READ_ONLY_ROOT(
      eachContainer(
          container -> container.at("/securityContext/readOnlyRootFilesystem").asBoolean(false),
          "may write to its root file system")),

  LIMITED(
      eachContainer(
          container ->
              Stream.of("requests", "limits")
                  .allMatch(
                      kind ->
                          Stream.of("cpu", "memory", "ephemeral-storage")
                              .allMatch(
                                  what -> container.at("/resources/" + kind).hasNonNull(what))),
          "lacks a request or a limit")),

  /** Memory that is not there when it is needed kills a pod that did nothing wrong. */
  MEMORY_IS_KEPT(
      eachContainer(
          container ->
              container
                  .at("/resources/requests/memory")
                  .equals(container.at("/resources/limits/memory")),
          "asks for less memory than it may take")),

  /** And what Java may take of it leaves room for what is not on the heap. */
  HEAP_FITS(
      eachContainer(
          container -> {
            long limit = mebibytes(container.at("/resources/limits/memory").asString(""));
            return java(container, "-Xmx") + java(container, "-XX:MaxDirectMemorySize=")
                <= limit * 3 / 4;
          },
          "has a heap that leaves no room")),

  PROBED(
      rendering ->
          rendering
              .workloads()
              .filter(
                  each ->
                      !each.containers().stream()
                          .allMatch(
                              container ->
                                  probes(container, "startupProbe", "/actuator/health/liveness")
                                      && probes(
                                          container, "livenessProbe", "/actuator/health/liveness")
                                      && probes(
                                          container,
                                          "readinessProbe",
                                          "/actuator/health/readiness")))
              .map(each -> each + " lacks a probe")),

  PINNED(
      eachContainer(
          container ->
              container
                      .path("image")
                      .asString("")
                      .matches("[^:@]+(:(?!latest$)[\\w.-]+|@sha256:.+)")
                  && !container.path("imagePullPolicy").asString("").equals("Always"),
          "has an image of no version")),

  NO_TOKEN(
      rendering ->
          Stream.concat(
              rendering
                  .withPods()
                  .filter(each -> each.pod().path("automountServiceAccountToken").asBoolean(true))
                  .map(each -> each + " has a token"),
              rendering
                  .all("ServiceAccount")
                  .filter(each -> each.json().path("automountServiceAccountToken").asBoolean(true))
                  .map(each -> each + " gives a token"))),

  /** So that what one may do is nothing that another may. */
  ACCOUNT_OF_ITS_OWN(
      rendering ->
          rendering
              .withPods()
              .filter(
                  each -> !each.pod().path("serviceAccountName").asString("").equals(each.name()))
              .map(each -> each + " has not the account of its name")),

  SPREAD(
      rendering ->
          rendering
              .workloads()
              .filter(
                  each ->
                      !each.pod()
                          .path("topologySpreadConstraints")
                          .valueStream()
                          .filter(
                              spread ->
                                  Resource.selects(
                                          spread.at("/labelSelector/matchLabels"), each.podLabels())
                                      && spread.at("/labelSelector/matchLabels").size() > 1)
                          .map(spread -> spread.path("topologyKey").asString(""))
                          .collect(Collectors.toSet())
                          .containsAll(
                              Set.of("topology.kubernetes.io/zone", "kubernetes.io/hostname")))
              .map(each -> each + " may be on one node, or in one zone")),

  BUDGET(
      rendering ->
          rendering
              .workloads()
              .filter(
                  each ->
                      rendering
                              .all("PodDisruptionBudget")
                              .filter(
                                  budget ->
                                      budget.spec().path("maxUnavailable").asInt(0) == 1
                                          && Resource.selects(
                                              budget.spec().at("/selector/matchLabels"),
                                              each.podLabels()))
                              .count()
                          != 1)
              .map(each -> each + " has not one budget")),

  /** The web server's time, the stream client's, and that of the first word that it ends. */
  ENDS_IN_TIME(
      rendering ->
          rendering
              .workloads()
              .filter(
                  each ->
                      each.pod().path("terminationGracePeriodSeconds").asInt(0) < 45
                          || each.containers().stream()
                              .anyMatch(
                                  one -> one.at("/lifecycle/preStop/sleep/seconds").asInt(0) < 1))
              .map(each -> each + " is killed before it has ended")),

  /** What Streams keeps is on a volume that stays; nobody else keeps anything. */
  STATE_STAYS(
      rendering ->
          rendering
              .workloads()
              .filter(
                  each ->
                      each.kind().equals("StatefulSet")
                          != each.spec()
                              .at("/volumeClaimTemplates/0/metadata/name")
                              .asString("")
                              .equals("state"))
              .map(each -> each + " keeps its state elsewhere")),

  /** As many of each as say that one may go: in production. */
  THREE_OF_EACH(
      rendering ->
          rendering
              .workloads()
              .filter(
                  each -> rendering.overlay().equals("production") && replicas(rendering, each) < 3)
              .map(each -> each + " is fewer than three"));

  @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
  private final Function<Rendering, Stream<String>> check;

  PodRule(Function<Rendering, Stream<String>> check) {
    this.check = check;
  }

  @Override
  public List<String> violations(Rendering rendering) {
    return check.apply(rendering).toList();
  }

  private static Function<Rendering, Stream<String>> eachPod(
      Predicate<JsonNode> kept, String otherwise) {
    return rendering ->
        rendering
            .withPods()
            .filter(each -> !kept.test(each.pod()))
            .map(each -> each + " " + otherwise);
  }

  private static Function<Rendering, Stream<String>> eachContainer(
      Predicate<JsonNode> kept, String otherwise) {
    return rendering ->
        rendering
            .withPods()
            .filter(
                each -> each.containers().isEmpty() || !each.containers().stream().allMatch(kept))
            .map(each -> each + " " + otherwise);
  }

  private static boolean isRestricted(Resource namespace, String label) {
    Map<String, String> labels = Resource.strings(namespace.json().at("/metadata/labels"));
    return "restricted".equals(labels.get(label));
  }

  private static boolean probes(JsonNode container, String probe, String path) {
    String port = container.path(probe).at("/httpGet/port").asString("");
    return container.path(probe).at("/httpGet/path").asString("").equals(path)
        && container
            .path("ports")
            .valueStream()
            .anyMatch(each -> each.path("name").asString("").equals(port));
  }

  private static int replicas(Rendering rendering, Resource workload) {
    return rendering
        .all("HorizontalPodAutoscaler")
        .filter(each -> each.spec().at("/scaleTargetRef/name").asString("").equals(workload.name()))
        .map(each -> each.spec().path("minReplicas").asInt(1))
        .findFirst()
        .orElse(workload.spec().path("replicas").asInt(1));
  }

  private static long java(JsonNode container, String option) {
    return container
        .path("env")
        .valueStream()
        .filter(each -> each.path("name").asString("").equals("JDK_JAVA_OPTIONS"))
        .flatMap(each -> Stream.of(each.path("value").asString("").split(" ", -1)))
        .filter(each -> each.startsWith(option))
        .mapToLong(each -> mebibytes(each.substring(option.length()).replace("m", "Mi")))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private static long mebibytes(String quantity) {
    if (quantity.endsWith("Gi")) {
      return 1024L * Long.parseLong(quantity.substring(0, quantity.length() - 2));
    }
    return quantity.endsWith("Mi")
        ? Long.parseLong(quantity.substring(0, quantity.length() - 2))
        : 0;
  }
}
