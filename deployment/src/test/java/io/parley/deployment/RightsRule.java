package io.parley.deployment;

import io.parley.journal.reading.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may do what to the topics. */
enum RightsRule implements Rule {
  /** TLS and a login at every listener, lists at the broker, and nobody above them. */
  NOBODY_WITHOUT_A_LOGIN(
      rendering ->
          rendering
              .all("Kafka")
              .map(each -> each.spec().path("kafka"))
              .filter(
                  kafka ->
                      kafka
                              .path("listeners")
                              .valueStream()
                              .anyMatch(
                                  each ->
                                      !each.path("tls").asBoolean(false)
                                          || !each.at("/authentication/type")
                                              .asString("")
                                              .equals("scram-sha-512"))
                          || !kafka.at("/authorization/type").asString("").equals("simple")
                          || !kafka.at("/authorization/superUsers").isEmpty())
              .map(kafka -> "somebody needs no right at the broker")),

  /** A pod logs in as the user of its name. */
  LOGINS_ARE_OF_THE_SERVICE(
      rendering ->
          rendering
              .withPods()
              .filter(
                  each ->
                      each.containers().stream()
                          .flatMap(one -> one.path("env").valueStream())
                          .filter(one -> one.path("name").asString("").equals("KAFKA_JAAS"))
                          .noneMatch(
                              one ->
                                  one.at("/valueFrom/secretKeyRef/name")
                                      .asString("")
                                      .equals(each.name())))
              .map(each -> each + " logs in as another")),

  WRITES_ITS_OWN_ALONE(
      rendering ->
          Rights.of(rendering)
              .filter(right -> right.type().equals("topic") && !isOwn(right))
              .filter(right -> !mayOfOthers(right.user()).containsAll(right.operations()))
              .map(right -> right + " is of another's topic")),

  /**
   * Commands, answers and changelogs may hold what is restricted (ADR 7): no other service reads
   * them.
   */
  RESTRICTED_HAS_TWO_READERS(
      rendering ->
          Rights.of(rendering)
              .filter(right -> right.type().equals("topic") && right.operations().contains("Read"))
              .filter(
                  right ->
                      !isOwn(right)
                          && !right.name().matches("(schedule|delegation|announcement)[.]events")
                          && !right.name().equals(Topics.TIMELINE)
                          && !(right.user().equals("projection")
                              && right.name().endsWith(".restricted.events")))
              .map(right -> right + " tells of what is restricted")),

  /** By name; by prefix only what the services' own stores are called. */
  NO_RIGHT_IS_WIDE(
      rendering ->
          Rights.of(rendering)
              .filter(
                  right ->
                      right.type().equals("cluster")
                          || right.name().equals("*")
                          || right.operations().stream().anyMatch(RightsRule::isOfAdministrators)
                          || (right.prefix() && !isOfStores(right.name())))
              .map(right -> right + " is wide")),

  /** Without these a service does not start. */
  EACH_MAY_DO_ITS_WORK(
      rendering -> {
        Set<String> held =
            Rights.of(rendering)
                .flatMap(
                    right ->
                        right.operations().stream()
                            .map(
                                each ->
                                    right.user()
                                        + " "
                                        + each
                                        + " "
                                        + right.type()
                                        + " "
                                        + right.name()))
                .collect(Collectors.toSet());
        return needed().filter(each -> !held.contains(each)).map(each -> "missing: " + each);
      });

  /** Topics that each user writes, and prefixes of its changelogs. */
  private static final Map<String, Set<String>> OWN =
      Map.of(
          "schedule", own("schedule", Topics.events("schedule")),
          "delegation",
              own("delegation", Topics.events("delegation"), Topics.restricted("delegation")),
          "announcement",
              own("announcement", Topics.events("announcement"), Topics.restricted("announcement")),
          "projection", Set.of(Topics.TIMELINE, Topics.AUDIT, "parley-timeline-"),
          "stream", Set.of(Topics.AUDIT));

  @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
  private final Function<Rendering, Stream<String>> check;

  RightsRule(Function<Rendering, Stream<String>> check) {
    this.check = check;
  }

  @Override
  public List<String> violations(Rendering rendering) {
    return check.apply(rendering).toList();
  }

  /** What a user may do to something. */
  private record Rights(
      String user, String type, String name, boolean prefix, Set<String> operations) {
    static Stream<Rights> of(Rendering rendering) {
      return rendering
          .all("KafkaUser")
          .flatMap(
              user ->
                  user.spec()
                      .at("/authorization/acls")
                      .valueStream()
                      .map(
                          acl ->
                              new Rights(
                                  user.name(),
                                  acl.at("/resource/type").asString(""),
                                  acl.at("/resource/name").asString("*"),
                                  acl.at("/resource/patternType")
                                      .asString("literal")
                                      .equals("prefix"),
                                  acl.path("operations")
                                      .valueStream()
                                      .map(each -> each.asString(""))
                                      .collect(Collectors.toSet()))));
    }
  }

  private static boolean isOfAdministrators(String operation) {
    return Set.of("All", "Alter", "AlterConfigs", "ClusterAction", "Delete").contains(operation);
  }

  private static boolean isOfStores(String prefix) {
    return prefix.matches(
        "parley-(schedule|delegation|announcement|timeline)-|parley[.]projection");
  }

  /** The setup makes topics, and neither reads nor writes one; all others may read some. */
  private static Set<String> mayOfOthers(String user) {
    return user.equals("setup") ? Set.of("Create", "Describe") : Set.of("Describe", "Read");
  }

  private static boolean isOwn(Rights right) {
    return OWN.getOrDefault(right.user(), Set.of()).contains(right.name());
  }

  private static Set<String> own(String service, String... events) {
    return Stream.concat(
            Stream.of(events),
            Stream.of(Topics.commands(service), Topics.replies(service), "parley-" + service + "-"))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<String> needed() {
    Stream<String> setup = LogRule.topics().map(each -> "setup Create topic " + each);
    Stream<String> writers =
        Topics.SERVICES.stream()
            .flatMap(
                service ->
                    Stream.of(
                            OWN.getOrDefault(service, Set.of()).stream()
                                .flatMap(
                                    topic ->
                                        Stream.of("Read", "Write", "Describe")
                                            .map(each -> each + " topic " + topic)),
                            Topics.SERVICES.stream()
                                .flatMap(
                                    other ->
                                        Stream.of("Read", "Describe")
                                            .map(each -> each + " topic " + Topics.events(other))),
                            Stream.of(
                                "Create topic parley-" + service + "-",
                                "Read group parley-" + service,
                                "Write transactionalId parley-" + service + "-"))
                        .flatMap(each -> each)
                        .map(each -> service + " " + each));
    Stream<String> readers =
        Stream.of(
                Topics.SERVICES.stream().map(each -> "Read topic " + Topics.events(each)),
                Topics.RESTRICTING.stream().map(each -> "Read topic " + Topics.restricted(each)),
                Stream.of(
                    "Write topic " + Topics.TIMELINE,
                    "Read topic " + Topics.TIMELINE,
                    "Write topic " + Topics.AUDIT,
                    "Read topic " + Topics.AUDIT,
                    "Create topic parley-timeline-",
                    "Read group parley-timeline",
                    "Read group parley.projection",
                    "Write transactionalId parley-timeline-"))
            .flatMap(each -> each)
            .map(each -> "projection " + each);
    return Stream.of(setup, writers, readers, Stream.of("stream Read topic " + Topics.TIMELINE))
        .flatMap(each -> each);
  }
}
