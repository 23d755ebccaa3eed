package io.parley.image;

import io.parley.journal.reading.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each service may do to Kafka (ADR 17): write its own topics, read what it decides or shows
 * by, and no more. A restricted topic is written and read by its service, and read by the
 * projection (ADR 7).
 */
final class Rights {
  /** The service that settles, shows and audits. */
  static final String PROJECTION = "projection";

  /** The consumer groups of the read models begin so. */
  private static final String READ_MODELS = "parley.";

  private static final String TIMELINE_STREAMS = "parley-timeline";

  private final String service;
  private final List<AclBinding> bindings = new ArrayList<>();

  private Rights(String service) {
    this.service = service;
  }

  /** All that may do something, in a fixed order. */
  static List<String> services() {
    return Stream.concat(Topics.SERVICES.stream(), Stream.of(PROJECTION)).toList();
  }

  /** Every topic of all of them. */
  static List<String> topics() {
    return Stream.of(
            Topics.SERVICES.stream().map(Topics::events),
            Topics.SERVICES.stream().map(Topics::commands),
            Topics.SERVICES.stream().map(Topics::replies),
            Topics.RESTRICTING.stream().map(Topics::restricted),
            Stream.of(Topics.TIMELINE, Topics.AUDIT))
        .flatMap(each -> each)
        .toList();
  }

  /** What a service may do. */
  static List<AclBinding> of(String service) {
    Rights rights = new Rights(service);
    Topics.SERVICES.forEach(each -> rights.read(Topics.events(each)));
    if (service.equals(PROJECTION)) {
      Topics.RESTRICTING.forEach(each -> rights.read(Topics.restricted(each)));
      rights.readAndWrite(Topics.TIMELINE);
      rights.readAndWrite(Topics.AUDIT);
      rights.streams(TIMELINE_STREAMS);
      rights.may(ResourceType.GROUP, PatternType.PREFIXED, READ_MODELS, AclOperation.READ);
    } else {
      rights.readAndWrite(Topics.events(service));
      rights.readAndWrite(Topics.commands(service));
      rights.readAndWrite(Topics.replies(service));
      if (Topics.RESTRICTING.contains(service)) {
        rights.readAndWrite(Topics.restricted(service));
      }
      rights.streams("parley-" + service);
    }
    return rights.bindings.stream().distinct().toList();
  }

  private void read(String topic) {
    may(ResourceType.TOPIC, PatternType.LITERAL, topic, AclOperation.READ);
  }

  private void readAndWrite(String topic) {
    read(topic);
    may(ResourceType.TOPIC, PatternType.LITERAL, topic, AclOperation.WRITE);
  }

  /**
   * What Kafka Streams does in the name of an application: its group, its transactions, and the
   * changelogs of its stores, which it makes itself. A store of a new version has a new changelog.
   */
  private void streams(String application) {
    may(ResourceType.GROUP, PatternType.LITERAL, application, AclOperation.READ);
    String own = application + "-";
    for (AclOperation operation :
        List.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DESCRIBE_CONFIGS)) {
      may(ResourceType.TOPIC, PatternType.PREFIXED, own, operation);
    }
    may(ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, own, AclOperation.WRITE);
  }

  private void may(ResourceType type, PatternType pattern, String name, AclOperation operation) {
    bindings.add(
        new AclBinding(
            new ResourcePattern(type, name, pattern),
            new AccessControlEntry("User:" + service, "*", operation, AclPermissionType.ALLOW)));
  }
}
