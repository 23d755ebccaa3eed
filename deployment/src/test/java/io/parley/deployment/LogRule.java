package io.parley.deployment;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import tools.jackson.databind.JsonNode;

/** The topics, and what the services are told of them. */
enum LogRule implements Rule {
  /** The same topics with the same settings as the services make on one machine. */
  TOPICS_AS_THE_SERVICES_MAKE_THEM(
      rendering -> {
        Map<String, String> expected = new TreeMap<>();
        topics()
            .forEach(name -> expected.put(name, described(Topics.topic(kafka(rendering), name))));
        Map<String, String> found = new TreeMap<>();
        rendering.all("KafkaTopic").forEach(each -> found.put(each.name(), described(each)));
        return Stream.concat(expected.keySet().stream(), found.keySet().stream())
            .distinct()
            .filter(name -> !expected.getOrDefault(name, "").equals(found.getOrDefault(name, "")))
            .map(name -> name + " is " + found.get(name) + " and should be " + expected.get(name));
      }),

  /** Frozen: what is on the cluster is what the services are told. */
  PARTITIONS_OF_PRODUCTION(
      rendering ->
          Stream.of(kafka(rendering))
              .filter(
                  kafka ->
                      rendering.overlay().equals("production")
                          && (kafka.partitions() != 48 || kafka.replicationFactor() != 3))
              .map(kafka -> "production has " + kafka)),

  /** An instance's answers come on a partition of its own. */
  AN_INSTANCE_HAS_A_PARTITION_OF_ANSWERS(
      rendering ->
          rendering
              .workloads()
              .filter(each -> Topics.SERVICES.contains(each.name()))
              .filter(
                  each ->
                      each.spec().path("replicas").asInt(1) > kafka(rendering).partitions()
                          || each.containers().stream()
                              .flatMap(one -> one.path("env").valueStream())
                              .noneMatch(
                                  variable ->
                                      variable
                                              .path("name")
                                              .asString("")
                                              .equals("PARLEY_COMMANDS_REPLYPARTITION")
                                          && variable
                                              .at("/valueFrom/fieldRef/fieldPath")
                                              .asString("")
                                              .equals(
                                                  "metadata.labels['apps.kubernetes.io/pod-index']")))
              .map(each -> each + " shares a partition of answers")),

  /** A write is on disk in two places before it is acknowledged. */
  TWO_HAVE_WHAT_IS_ACKNOWLEDGED(
      rendering ->
          rendering
              .all("Kafka")
              .filter(each -> rendering.overlay().equals("production"))
              .map(each -> each.spec().at("/kafka/config"))
              .filter(
                  config ->
                      config.path("min.insync.replicas").asInt(0) != 2
                          || config.path("transaction.state.log.min.isr").asInt(0) != 2
                          || config.path("unclean.leader.election.enable").asBoolean(true)
                          || config.path("auto.create.topics.enable").asBoolean(true))
              .map(config -> "a write may be lost: " + config));

  @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
  private final Function<Rendering, Stream<String>> check;

  LogRule(Function<Rendering, Stream<String>> check) {
    this.check = check;
  }

  @Override
  public List<String> violations(Rendering rendering) {
    return check.apply(rendering).toList();
  }

  /** What the services are told of the broker. */
  private static ParleyProperties.Kafka kafka(Rendering rendering) {
    JsonNode data = rendering.settings().json().path("data");
    return new ParleyProperties.Kafka(
        data.path("PARLEY_KAFKA_BOOTSTRAPSERVERS").asString(""),
        Integer.parseInt(data.path("PARLEY_KAFKA_PARTITIONS").asString("")),
        Short.parseShort(data.path("PARLEY_KAFKA_REPLICATIONFACTOR").asString("")));
  }

  /** Every topic. */
  static Stream<String> topics() {
    return Stream.of(
            Topics.SERVICES.stream()
                .flatMap(
                    each ->
                        Stream.of(
                            Topics.events(each), Topics.commands(each), Topics.replies(each))),
            Topics.RESTRICTING.stream().map(Topics::restricted),
            Stream.of(Topics.TIMELINE, Topics.AUDIT))
        .flatMap(names -> names);
  }

  private static String described(NewTopic topic) {
    return topic.numPartitions()
        + " "
        + topic.replicationFactor()
        + " "
        + new TreeMap<>(topic.configs());
  }

  private static String described(Resource topic) {
    return topic.spec().path("partitions").asString("")
        + " "
        + topic.spec().path("replicas").asString("")
        + " "
        + new TreeMap<>(Resource.strings(topic.spec().path("config")));
  }
}
