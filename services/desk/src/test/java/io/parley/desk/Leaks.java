package io.parley.desk;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks for what is restricted where somebody without the right could look, and says where it is
 * found. {@link LeaksTest} and {@link NothingLeaksTest} feed it with what leaks.
 */
final class Leaks {
  /**
   * Topics that who may not know everything may not read either (ADR 7). Every other topic is open,
   * also one that somebody thinks of next year.
   */
  private static final Pattern RESTRICTED =
      Pattern.compile(
          // The trail has what anybody asked for, also what was not there for them.
          ".*\\.(commands|replies)|.*\\.restricted\\.events|parley\\.audit"
              + "|parley-(schedule|delegation|announcement)-.*-(changelog|repartition)");

  /**
   * Numbers that go up and down with whatever the process does. Requests are one sum by how they
   * ended: reads are in it, which nothing else counts, so nobody can take them out again.
   */
  private static final Pattern OF_THE_PROCESS =
      Pattern.compile(
          "(jvm|process|system|disk|executor|r2dbc_pool)_.*"
              + "|http_server_requests(_active)?_seconds(_\\w+)?\\{[^}]*outcome=\"\\w+\"[^}]*}");

  private final List<String> secrets;

  /** With the words that may be found nowhere. */
  Leaks(List<String> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  static boolean isOpen(String topic) {
    return !RESTRICTED.matcher(topic).matches();
  }

  /** Each secret that a text has. */
  List<String> in(String where, String text) {
    return secrets.stream().filter(text::contains).map(secret -> where + " has " + secret).toList();
  }

  /** Each secret in the key, the value and the headers of a record. */
  List<String> in(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder all = new StringBuilder(text(record.key())).append('\n');
    all.append(text(record.value()));
    record
        .headers()
        .forEach(header -> all.append('\n').append(header.key()).append(text(header.value())));
    return in(record.topic() + " " + record.offset(), all.toString());
  }

  /** Each secret in a record of any open topic, committed or not. */
  List<String> inOpenTopics(String broker) throws Exception {
    List<String> found = new ArrayList<>();
    for (var record : records(broker, open(broker))) {
      found.addAll(in(record));
    }
    return found;
  }

  /** The topics that are open, those of the broker's own too. */
  static Set<String> open(String broker) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      return admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get().stream()
          .filter(Leaks::isOpen)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Every record of these topics that is there by now. */
  static List<ConsumerRecord<byte[], byte[]>> records(String broker, Set<String> topics) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", broker),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> parts =
          topics.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(part -> new TopicPartition(part.topic(), part.partition()))
              .toList();
      consumer.assign(parts);
      consumer.seekToBeginning(parts);
      Map<TopicPartition, Long> ends = consumer.endOffsets(parts);
      while (parts.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /**
   * What a scrape tells that the one before did not: series that are new or gone, and numbers that
   * changed.
   */
  static List<String> inMetrics(String before, String after) {
    return differences(series(before), series(after));
  }

  /** What is under a name in one and not the same in the other. */
  static List<String> differences(Map<String, String> before, Map<String, String> after) {
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .filter(name -> !String.valueOf(before.get(name)).equals(String.valueOf(after.get(name))))
        .map(name -> name + ": " + before.get(name) + " became " + after.get(name))
        .toList();
  }

  private static Map<String, String> series(String scrape) {
    Map<String, String> series = new TreeMap<>();
    scrape
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(
            line -> {
              int value = line.lastIndexOf(' ');
              String name = line.substring(0, value);
              if (!OF_THE_PROCESS.matcher(name).matches()) {
                series.put(name, line.substring(value + 1));
              }
            });
    return series;
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
