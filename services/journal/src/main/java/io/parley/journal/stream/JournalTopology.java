package io.parley.journal.stream;

import io.parley.journal.Service;
import io.parley.journal.reading.Brokers;
import io.parley.journal.reading.CommitPace;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;

/**
 * Commands and the other services' events in; events and answers out, in one transaction
 * (architecture 2).
 */
public final class JournalTopology {
  static final String ANSWERS = "answers";
  static final String PARKED = "parked";
  static final String EVENTS_SINK = "events";
  static final String RESTRICTED_SINK = "restricted";
  static final String TICKS_SINK = "ticks";
  static final String REPLIES_SINK = "replies";

  private static final String PROCESSOR = "decide";

  private JournalTopology() {}

  /**
   * What the processor needs to know.
   *
   * @param brokers where a new store is folded from
   * @param nanos time that goes by, as {@link System#nanoTime} tells it: when to ask what is due
   */
  public record Settings(Brokers brokers, ParleyProperties.Commands commands, LongSupplier nanos) {
    /** With the time that goes by here. */
    public Settings(Brokers brokers, ParleyProperties.Commands commands) {
      this(brokers, commands, System::nanoTime);
    }
  }

  /** The store of the fold; a new version of it has a new name, and is filled from the events. */
  static String states(Service service) {
    return "states-v" + service.foldVersion();
  }

  /** The topology of a service, which traces nothing. */
  public static Topology of(Service service, Settings settings) {
    return of(service, settings, new Overdue(settings.nanos()), Traces.OFF);
  }

  /**
   * The topology of a service.
   *
   * @param overdue told of what is not released in time
   */
  static Topology of(Service service, Settings settings, Overdue overdue, Traces traces) {
    Refold refold = new Refold(settings.brokers());
    CommitPace pace = new CommitPace();
    return of(
        service,
        settings,
        () -> new CommandProcessor(service, settings, refold, pace, overdue, traces));
  }

  static Topology of(
      Service service,
      Settings settings,
      ProcessorSupplier<String, byte[], byte[], byte[]> processor) {
    Topology topology = new Topology();
    String[] sources =
        Topics.SERVICES.stream()
            .filter(other -> !other.equals(service.name()))
            .map(Topics::events)
            .toArray(String[]::new);
    topology
        .addSource(
            "commands",
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            Topics.commands(service.name()))
        .addSource("facts", new StringDeserializer(), new ByteArrayDeserializer(), sources)
        .addProcessor(PROCESSOR, processor, "commands", "facts")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(states(service)),
                Serdes.String(),
                Serdes.ByteArray()),
            PROCESSOR)
        .addStateStore(
            Stores.windowStoreBuilder(
                Stores.persistentWindowStore(
                    ANSWERS,
                    settings.commands().remembered().multipliedBy(2),
                    settings.commands().remembered(),
                    false),
                Serdes.String(),
                Serdes.ByteArray()),
            PROCESSOR)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(PARKED), Serdes.Long(), Serdes.ByteArray()),
            PROCESSOR)
        .addSink(
            EVENTS_SINK,
            Topics.events(service.name()),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            PROCESSOR)
        .addSink(
            REPLIES_SINK,
            Topics.replies(service.name()),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            (StreamPartitioner<byte[], byte[]>)
                (topic, key, value, partitions) ->
                    Optional.of(Set.of(ReplyAddress.parse(key).partition())),
            PROCESSOR);
    return service.restricts() ? restricting(topology, service) : topology;
  }

  private static Topology restricting(Topology topology, Service service) {
    return topology
        .addSink(
            RESTRICTED_SINK,
            Topics.restricted(service.name()),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            PROCESSOR)
        .addSink(
            TICKS_SINK,
            Topics.commands(service.name()),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            (StreamPartitioner<byte[], byte[]>)
                (topic, key, value, partitions) -> Optional.of(Set.of(Ticks.partition(key))),
            PROCESSOR);
  }
}
