package io.parley.deployment;

import static io.parley.deployment.Spoiling.json;
import static io.parley.deployment.Spoiling.remove;
import static io.parley.deployment.Spoiling.right;
import static io.parley.deployment.Spoiling.set;

import io.parley.deployment.RulesTest.Break;
import java.util.List;
import java.util.stream.Stream;

/** Manifests as nobody should write them. */
final class Breaks {
  /** The settings of every service, whose name nobody knows beforehand. */
  static final String SETTINGS = "ConfigMap/parley";

  private static final String SCHEDULE = "StatefulSet/schedule";
  private static final String STREAM = "Deployment/stream";
  private static final String CONTAINER = "/spec/template/spec/containers/0";
  private static final String POD = "/spec/template/spec";

  private Breaks() {}

  static List<Break> all() {
    return Stream.of(pods(), references(), traffic(), log(), watched())
        .flatMap(each -> each)
        .toList();
  }

  private static Stream<Break> pods() {
    return Stream.of(
        set(
            PodRule.RESTRICTED_NAMESPACE,
            "Namespace/parley",
            "/metadata/labels",
            "pod-security.kubernetes.io/enforce",
            "baseline"),
        set(PodRule.NON_ROOT, SCHEDULE, POD + "/securityContext", "runAsNonRoot", false),
        set(PodRule.NON_ROOT, STREAM, POD + "/securityContext", "runAsUser", 0),
        set(PodRule.NON_ROOT, "Job/setup", POD + "/securityContext", "runAsNonRoot", false),
        remove(PodRule.CONFINED, SCHEDULE, POD + "/securityContext", "seccompProfile"),
        set(PodRule.CONFINED, STREAM, POD, "hostNetwork", true),
        set(
            PodRule.NO_PRIVILEGE,
            SCHEDULE,
            CONTAINER + "/securityContext",
            "allowPrivilegeEscalation",
            true),
        remove(PodRule.NO_PRIVILEGE, SCHEDULE, CONTAINER + "/securityContext/capabilities", "drop"),
        set(PodRule.NO_PRIVILEGE, SCHEDULE, CONTAINER + "/securityContext", "runAsUser", 0),
        remove(
            PodRule.READ_ONLY_ROOT,
            "StatefulSet/projection",
            CONTAINER + "/securityContext",
            "readOnlyRootFilesystem"),
        remove(PodRule.LIMITED, SCHEDULE, CONTAINER + "/resources/limits", "cpu"),
        remove(PodRule.LIMITED, STREAM, CONTAINER + "/resources/requests", "memory"),
        set(PodRule.MEMORY_IS_KEPT, STREAM, CONTAINER + "/resources/requests", "memory", "64Mi"),
        set(PodRule.HEAP_FITS, SCHEDULE, CONTAINER + "/resources/limits", "memory", "768Mi"),
        remove(PodRule.PROBED, SCHEDULE, CONTAINER, "readinessProbe"),
        set(
            PodRule.PROBED,
            STREAM,
            CONTAINER + "/livenessProbe/httpGet",
            "path",
            "/actuator/health"),
        set(PodRule.PROBED, STREAM, CONTAINER + "/livenessProbe/httpGet", "port", "admin"),
        set(PodRule.PINNED, SCHEDULE, CONTAINER, "image", "parley:latest"),
        set(PodRule.PINNED, SCHEDULE, CONTAINER, "image", "parley"),
        remove(PodRule.NO_TOKEN, SCHEDULE, POD, "automountServiceAccountToken"),
        remove(PodRule.NO_TOKEN, "ServiceAccount/stream", "", "automountServiceAccountToken"),
        set(PodRule.ACCOUNT_OF_ITS_OWN, SCHEDULE, POD, "serviceAccountName", "delegation"),
        remove(PodRule.SPREAD, SCHEDULE, POD, "topologySpreadConstraints"),
        set(
            PodRule.SPREAD,
            SCHEDULE,
            POD + "/topologySpreadConstraints/0/labelSelector/matchLabels",
            "app.kubernetes.io/name",
            "delegation"),
        set(PodRule.BUDGET, "PodDisruptionBudget/schedule", "/spec", "maxUnavailable", 3),
        set(
            PodRule.BUDGET,
            "PodDisruptionBudget/schedule",
            "/spec/selector/matchLabels",
            "app.kubernetes.io/name",
            "delegation"),
        set(PodRule.ENDS_IN_TIME, SCHEDULE, POD, "terminationGracePeriodSeconds", 10),
        remove(PodRule.ENDS_IN_TIME, STREAM, CONTAINER, "lifecycle"),
        remove(PodRule.STATE_STAYS, SCHEDULE, "/spec", "volumeClaimTemplates"),
        set(PodRule.THREE_OF_EACH, SCHEDULE, "/spec", "replicas", 2),
        set(PodRule.THREE_OF_EACH, "HorizontalPodAutoscaler/stream", "/spec", "minReplicas", 1));
  }

  private static Stream<Break> references() {
    return Stream.of(
        set(ReferenceRule.WHAT_IS_NAMED_IS_THERE, SCHEDULE, POD, "serviceAccountName", "nobody"),
        set(
            ReferenceRule.WHAT_IS_NAMED_IS_THERE,
            SCHEDULE,
            CONTAINER + "/envFrom/0/configMapRef",
            "name",
            "parley"),
        set(
            ReferenceRule.WHAT_IS_NAMED_IS_THERE,
            "KafkaUser/schedule",
            "/metadata",
            "name",
            "timetable"),
        set(ReferenceRule.WHAT_IS_NAMED_IS_THERE, "Cluster/parley-db", "/metadata", "name", "db"),
        set(
            ReferenceRule.WHAT_IS_NAMED_IS_THERE,
            "HTTPRoute/stream",
            "/spec/rules/0/backendRefs/0",
            "name",
            "streams"),
        set(
            ReferenceRule.WHAT_IS_GIVEN_IS_NAMED,
            "Gateway/parley",
            "/spec/listeners/0/tls/certificateRefs/0",
            "name",
            "other"),
        set(ReferenceRule.NO_NAME_TWICE, "Service/schedule", "/metadata", "name", "schedule-pods"),
        set(
            ReferenceRule.ONE_NAMESPACE,
            "KafkaTopic/parley.audit",
            "/metadata",
            "namespace",
            "kafka"),
        set(
            ReferenceRule.SERVICES_LEAD_SOMEWHERE,
            "Service/schedule",
            "/spec/selector",
            "app.kubernetes.io/name",
            "scheduling"),
        set(
            ReferenceRule.SERVICES_LEAD_SOMEWHERE,
            "Service/schedule",
            "/spec/ports/0",
            "targetPort",
            "web"),
        set(
            ReferenceRule.WORKLOADS_FIT,
            SCHEDULE,
            "/spec/selector/matchLabels",
            "app.kubernetes.io/name",
            "delegation"),
        set(
            ReferenceRule.WORKLOADS_FIT,
            SCHEDULE,
            CONTAINER + "/volumeMounts/0",
            "name",
            "nothing"));
  }

  private static Stream<Break> traffic() {
    return Stream.of(
        set(
            TrafficRule.DEFAULT_DENY,
            "NetworkPolicy/default-deny",
            "/spec",
            "podSelector",
            json("{'matchLabels':{'a':'b'}}")),
        set(
            TrafficRule.DEFAULT_DENY,
            "NetworkPolicy/default-deny",
            "/spec",
            "ingress",
            json("[{}]")),
        remove(
            TrafficRule.NOBODY_FROM_ANYWHERE, "NetworkPolicy/services", "/spec/ingress/0", "from"),
        remove(TrafficRule.NOBODY_TO_ANYWHERE, "NetworkPolicy/services", "/spec/egress/0", "to"),
        remove(
            TrafficRule.NOBODY_TO_ANYWHERE, "NetworkPolicy/postgresql", "/spec/egress/1", "ports"),
        set(
            TrafficRule.SERVICES_ARE_REACHED_BY_TWO,
            "NetworkPolicy/services",
            "/spec/ingress/0/ports/0",
            "port",
            8081),
        set(
            TrafficRule.SERVICES_ARE_REACHED_BY_TWO,
            "NetworkPolicy/services",
            "/spec/ingress/0",
            "from",
            json("[{'podSelector':{}}]")),
        set(
            TrafficRule.PATHS_LEAD_TO_THEIR_SERVICE,
            "HTTPRoute/schedule",
            "/spec/rules/1/matches/0/path",
            "type",
            "PathPrefix"),
        set(
            TrafficRule.PATHS_LEAD_TO_THEIR_SERVICE,
            "HTTPRoute/stream",
            "/spec/rules/0/matches/1/path",
            "value",
            "/api/negotiations/.*"),
        set(
            TrafficRule.NOTHING_ELSE_IS_OUTSIDE,
            "HTTPRoute/projection",
            "/spec/rules/2/matches/0/path",
            "value",
            "/actuator"),
        set(
            TrafficRule.STREAMS_HAVE_NO_DEADLINE,
            "HTTPRoute/stream",
            "/spec/rules/0/timeouts",
            "request",
            "60s"));
  }

  private static Stream<Break> log() {
    return Stream.of(
        set(
            LogRule.TOPICS_AS_THE_SERVICES_MAKE_THEM,
            "KafkaTopic/schedule.events",
            "/spec/config",
            "retention.ms",
            604_800_000),
        set(
            LogRule.TOPICS_AS_THE_SERVICES_MAKE_THEM,
            "KafkaTopic/schedule.events",
            "/spec",
            "partitions",
            47),
        set(
            LogRule.TOPICS_AS_THE_SERVICES_MAKE_THEM,
            "KafkaTopic/parley.timeline",
            "/metadata",
            "name",
            "parley.timelines"),
        remove(
            LogRule.TOPICS_AS_THE_SERVICES_MAKE_THEM,
            "KafkaTopic/schedule.commands",
            "/spec/config",
            "message.timestamp.type"),
        set(LogRule.PARTITIONS_OF_PRODUCTION, SETTINGS, "/data", "PARLEY_KAFKA_PARTITIONS", "12"),
        set(LogRule.AN_INSTANCE_HAS_A_PARTITION_OF_ANSWERS, SCHEDULE, "/spec", "replicas", 49),
        remove(LogRule.AN_INSTANCE_HAS_A_PARTITION_OF_ANSWERS, SCHEDULE, CONTAINER, "env"),
        set(
            LogRule.TWO_HAVE_WHAT_IS_ACKNOWLEDGED,
            "Kafka/parley",
            "/spec/kafka/config",
            "min.insync.replicas",
            1),
        set(
            RightsRule.NOBODY_WITHOUT_A_LOGIN,
            "Kafka/parley",
            "/spec/kafka/listeners/0",
            "tls",
            false),
        remove(RightsRule.NOBODY_WITHOUT_A_LOGIN, "Kafka/parley", "/spec/kafka", "authorization"),
        remove(RightsRule.LOGINS_ARE_OF_THE_SERVICE, SCHEDULE, CONTAINER, "env"),
        right(RightsRule.WRITES_ITS_OWN_ALONE, "schedule", "topic", "delegation.events", "Write"),
        right(RightsRule.WRITES_ITS_OWN_ALONE, "setup", "topic", "schedule.events", "Write"),
        right(RightsRule.WRITES_ITS_OWN_ALONE, "stream", "topic", "parley.timeline", "Write"),
        right(
            RightsRule.WRITES_ITS_OWN_ALONE, "projection", "topic", "schedule.commands", "Create"),
        right(
            RightsRule.RESTRICTED_HAS_TWO_READERS,
            "schedule",
            "topic",
            "announcement.restricted.events",
            "Read"),
        right(
            RightsRule.RESTRICTED_HAS_TWO_READERS,
            "stream",
            "topic",
            "delegation.restricted.events",
            "Read"),
        right(
            RightsRule.RESTRICTED_HAS_TWO_READERS,
            "projection",
            "topic",
            "announcement.commands",
            "Read"),
        right(RightsRule.NO_RIGHT_IS_WIDE, "schedule", "cluster", "kafka-cluster", "Describe"),
        right(RightsRule.NO_RIGHT_IS_WIDE, "schedule", "topic", "schedule.events", "All"),
        set(
            RightsRule.NO_RIGHT_IS_WIDE,
            "KafkaUser/stream",
            "/spec/authorization/acls/0/resource",
            "patternType",
            "prefix"),
        remove(
            RightsRule.EACH_MAY_DO_ITS_WORK, "KafkaUser/projection", "/spec/authorization", "acls"),
        remove(
            RightsRule.EACH_MAY_DO_ITS_WORK,
            "KafkaUser/schedule",
            "/spec/authorization/acls/0",
            "operations"));
  }

  private static Stream<Break> watched() {
    return Stream.of(
        set(
            WatchRule.SETTINGS_ARE_KNOWN,
            SCHEDULE,
            CONTAINER + "/env/0",
            "name",
            "PARLEY_KAFKA_BOOTSTRAP_SERVERS"),
        set(
            WatchRule.METRICS_ARE_THERE,
            "HorizontalPodAutoscaler/stream",
            "/spec/metrics/0/pods/metric",
            "name",
            "parley_stream_connection"),
        set(
            WatchRule.METRICS_ARE_THERE,
            "PrometheusRule/parley",
            "/spec/groups/0/rules/0",
            "expr",
            "parley_commands > 0"),
        set(
            WatchRule.ALERTS_ARE_COMPLETE,
            "PrometheusRule/parley",
            "/spec/groups/0",
            "rules",
            json("[]")),
        set(
            WatchRule.ALERTS_ARE_EXPLAINED,
            "PrometheusRule/parley",
            "/spec/groups/0/rules/0",
            "alert",
            "ParleySomething"),
        remove(
            WatchRule.ALERTS_ARE_WEIGHED,
            "PrometheusRule/parley",
            "/spec/groups/0/rules/0",
            "labels"),
        set(
            WatchRule.EVERY_SERVICE_IS_WATCHED,
            "ServiceMonitor/services",
            "/spec/endpoints/0",
            "port",
            "http"),
        remove(
            WatchRule.EVERY_SERVICE_IS_WATCHED,
            "Service/stream-pods",
            "/metadata/labels",
            "parley/watched"),
        set(WatchRule.STREAMS_SCALE_BY_CONNECTIONS, STREAM, "/spec", "replicas", 3));
  }
}
