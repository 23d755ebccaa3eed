package io.parley.embedded;

import java.util.Map;

/** What a broker that stands alone is told, wherever it runs; by Kafka's names. */
public final class BrokerSettings {
  /** All but where it is: listeners, directories, and what it may use of the machine. */
  public static final Map<String, String> COMMON =
      Map.ofEntries(
          // After a kill the controller holds the dead broker's place for one session: keep it
          // short.
          Map.entry("broker.session.timeout.ms", "3000"),
          Map.entry("broker.heartbeat.interval.ms", "500"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("min.insync.replicas", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "1"),
          // A desk may rest for months; its groups must find their offsets again.
          Map.entry("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE)),
          // What a killed writer left open ends soon after its time is over, and not up to 10 s
          // later.
          Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
          // Without this every second transaction waits 20 ms and more.
          Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // A command of 1 MiB and what is written around it.
          Map.entry("message.max.bytes", "4194304"));

  private BrokerSettings() {}
}
