package io.parley.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** Who may do what at Kafka, topic by topic. */
class RightsTest {

  @Test
  void aTopicOfEventsHasOneWriterAndIsReadByAll() {
    for (String service : List.of("schedule", "delegation", "announcement")) {
      assertThat(who(AclOperation.WRITE, service + ".events")).containsExactly(service);
      assertThat(who(AclOperation.READ, service + ".events")).containsAll(Rights.services());
    }
  }

  @Test
  void commandsAndAnswersAreTheServicesOwn() {
    for (String service : List.of("schedule", "delegation", "announcement")) {
      for (String topic : List.of(service + ".commands", service + ".replies")) {
        assertThat(who(AclOperation.WRITE, topic)).as(topic).containsExactly(service);
        assertThat(who(AclOperation.READ, topic)).as(topic).containsExactly(service);
      }
    }
  }

  @Test
  void aRestrictedTopicHasOneWriterAndTwoReaders() {
    for (String service : List.of("delegation", "announcement")) {
      String topic = service + ".restricted.events";
      assertThat(who(AclOperation.WRITE, topic)).containsExactly(service);
      assertThat(who(AclOperation.READ, topic))
          .containsExactlyInAnyOrder(service, Rights.PROJECTION);
    }
  }

  @Test
  void onlyTheProjectionSettlesAndKeepsTheTrail() {
    for (String topic : List.of("parley.timeline", "parley.audit")) {
      assertThat(who(AclOperation.WRITE, topic)).containsExactly(Rights.PROJECTION);
      assertThat(who(AclOperation.READ, topic)).containsExactly(Rights.PROJECTION);
    }
  }

  @Test
  void aChangelogIsItsServicesAlone() {
    assertThat(who(AclOperation.READ, "parley-delegation-states-v1-changelog"))
        .containsExactly("delegation");
    assertThat(who(AclOperation.WRITE, "parley-timeline-heads-changelog"))
        .containsExactly(Rights.PROJECTION);
  }

  @Test
  void everyTopicHasAWriter() {
    assertThat(Rights.topics())
        .allSatisfy(topic -> assertThat(who(AclOperation.WRITE, topic)).as(topic).hasSize(1));
  }

  @Test
  void nobodyMayChangeWhatTheSetupMade() {
    assertThat(Rights.services())
        .flatMap(Rights::of)
        .extracting(right -> right.entry().operation())
        .doesNotContain(
            AclOperation.ALL,
            AclOperation.ALTER,
            AclOperation.ALTER_CONFIGS,
            AclOperation.DELETE,
            AclOperation.CLUSTER_ACTION);
  }

  private static List<String> who(AclOperation operation, String topic) {
    return Rights.services().stream()
        .filter(
            service ->
                Rights.of(service).stream()
                    .filter(right -> right.entry().principal().equals("User:" + service))
                    .filter(right -> right.entry().operation() == operation)
                    .anyMatch(right -> isAbout(right, topic)))
        .toList();
  }

  private static boolean isAbout(AclBinding right, String topic) {
    return right.pattern().resourceType() == ResourceType.TOPIC
        && (right.pattern().patternType() == PatternType.PREFIXED
            ? topic.startsWith(right.pattern().name())
            : topic.equals(right.pattern().name()));
  }
}
