package io.parley.journal.reading;

import io.parley.journal.reading.ParleyProperties.Kafka.Missing;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics: their names, and how they are made where they are missing. */
public final class Topics {
  /** The three write services, in the order in which they are named everywhere. */
  public static final List<String> SERVICES = List.of("schedule", "delegation", "announcement");

  /** Those of them that have restricted aggregates. */
  public static final List<String> RESTRICTING = List.of("delegation", "announcement");

  /** The settled order of every negotiation's events. */
  public static final String TIMELINE = "parley.timeline";

  /** Who asked for what of the record, and did what to its read models; restricted (ADR 12). */
  public static final String AUDIT = "parley.audit";

  /** Most bytes of a record: a command of 1 MiB, as an event on the timeline, with room. */
  public static final int MAX_RECORD_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LED_WITHIN = Duration.ofSeconds(5);
  private static final Duration ASK_AGAIN = Duration.ofMillis(20);
  private static final String KEPT_FOR_EVER = "-1";

  private Topics() {}

  /** A service's events: the record itself, kept for ever. */
  public static String events(String service) {
    return service + ".events";
  }

  /** A service's restricted events: those of embargoed items, say; kept for ever (ADR 7). */
  public static String restricted(String service) {
    return service + ".restricted.events";
  }

  /** A service's commands, on their way to be decided. */
  public static String commands(String service) {
    return service + ".commands";
  }

  /** A service's answers, one partition for each instance that asks. */
  public static String replies(String service) {
    return service + ".replies";
  }

  /**
   * Makes the topics that are missing, where that is asked for, and looks at all of them. Those
   * that were made just now, by whomever, take records when this returns.
   *
   * @throws IllegalStateException where a topic has another number of partitions, is missing and
   *     not to be made, or the broker does not answer in 30 s
   */
  public static void create(ParleyProperties.Kafka kafka, List<String> names) {
    if (kafka.topics() == Missing.ASSUME) {
      return;
    }
    try (Admin admin = Admin.create(kafka.brokers().settings())) {
      List<NewTopic> topics =
          kafka.topics() == Missing.CREATE
              ? names.stream().map(name -> topic(kafka, name)).toList()
              : List.of();
      Set<String> made = new HashSet<>();
      for (var making : admin.createTopics(topics).values().entrySet()) {
        try {
          making.getValue().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
          made.add(making.getKey());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
      describe(admin, names)
          .forEach((name, topic) -> requirePartitions(kafka, name, topic.partitions().size()));
      awaitLeaders(admin, made, kafka.partitions(), TIMEOUT);
      awaitLeadersOfOld(admin, names.stream().filter(name -> !made.contains(name)).toList(), kafka);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the topics " + names + " are not to be had at " + kafka.bootstrapServers(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while making topics", e);
    }
  }

  /**
   * A topic is made before every broker tells of it: asks until all are told of, as who reads them
   * next would find them.
   */
  private static Map<String, TopicDescription> describe(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      try {
        return admin
            .describeTopics(names)
            .allTopicNames()
            .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        boolean notYet = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!notYet || System.nanoTime() > deadline) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
      }
    }
  }

  /**
   * A broker tells of a partition before it leads it. A new producer would have its first batch
   * refused then, and the second taken: the first is out of its sequence from there on, and is
   * tried again in vain until it expires. Only a leader answers this question; it is asked until
   * one does.
   */
  private static void awaitLeaders(
      Admin admin, Collection<String> names, int partitions, Duration within)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (String name : names) {
      for (int partition = 0; partition < partitions; partition++) {
        ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
      }
    }
    // The call's own limit: one that went on would hold up the client's close.
    var limit = new ListOffsetsOptions().timeoutMs((int) within.toMillis());
    admin.listOffsets(ends, limit).all().get();
  }

  /**
   * Others may have made them a moment ago. A partition that goes on without a leader is not new,
   * and must not keep a service from starting that can work with the rest.
   */
  private static void awaitLeadersOfOld(
      Admin admin, List<String> names, ParleyProperties.Kafka kafka)
      throws ExecutionException, InterruptedException {
    try {
      awaitLeaders(admin, names, kafka.partitions(), LED_WITHIN);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException)) {
        throw e;
      }
      LOG.warn("some partitions of {} have no leader for {}: going on", names, LED_WITHIN);
    }
  }

  private static void requirePartitions(ParleyProperties.Kafka kafka, String name, int partitions) {
    if (partitions != kafka.partitions()) {
      throw new IllegalStateException(
          "topic "
              + name
              + " has "
              + partitions
              + " partitions, parley.kafka.partitions says "
              + kafka.partitions()
              + ": the number is chosen once, since a negotiation's place depends on it");
    }
  }

  /** A topic as it is made where it is missing; whoever else makes it, makes it so. */
  public static NewTopic topic(ParleyProperties.Kafka kafka, String name) {
    Map<String, String> configs = new HashMap<>();
    configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MAX_RECORD_BYTES));
    configs.put(TopicConfig.RETENTION_MS_CONFIG, KEPT_FOR_EVER);
    if (name.endsWith(".commands")) {
      // Deciders and the ageing of idempotency keys go by the broker's clock, not by a client's.
      configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
      configs.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(Duration.ofDays(7).toMillis()));
    } else if (name.endsWith(".replies")) {
      configs.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(Duration.ofHours(1).toMillis()));
      configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(64 << 20));
    }
    return new NewTopic(name, kafka.partitions(), kafka.replicationFactor()).configs(configs);
  }
}
