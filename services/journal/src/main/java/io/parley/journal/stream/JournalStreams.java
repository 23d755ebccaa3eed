package io.parley.journal.stream;

import io.parley.journal.Service;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.SteadyTime;
import io.parley.journal.reading.StreamsSettings;
import io.parley.journal.reading.Traces;
import java.time.Duration;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service's Kafka Streams client, with the settings that were measured (architecture 2). */
public final class JournalStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalStreams.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final KafkaStreams streams;
  private final Overdue overdue;

  private JournalStreams(KafkaStreams streams, Overdue overdue) {
    this.streams = streams;
    this.overdue = overdue;
  }

  /** Starts a service; its topics must exist. */
  public static JournalStreams start(Service service, ParleyProperties properties, Traces traces) {
    var settings =
        new JournalTopology.Settings(properties.kafka().brokers(), properties.commands());
    Overdue overdue = new Overdue(settings.nanos());
    Topology topology = JournalTopology.of(service, settings, overdue, traces);
    return start(service.name(), topology, properties, new SteadyTime(), overdue);
  }

  static JournalStreams start(String name, Topology topology, ParleyProperties properties) {
    return start(name, topology, properties, new SteadyTime());
  }

  static JournalStreams start(
      String name, Topology topology, ParleyProperties properties, Time time) {
    return start(name, topology, properties, time, new Overdue(System::nanoTime));
  }

  private static JournalStreams start(
      String name, Topology topology, ParleyProperties properties, Time time, Overdue overdue) {
    KafkaStreams streams =
        new KafkaStreams(
            topology,
            StreamsSettings.withStandbys(
                StreamsSettings.of(
                    "parley-" + name,
                    properties.kafka().brokers(),
                    properties.kafka().replicationFactor(),
                    properties.stateDirectory()),
                properties.standbys()),
            time);
    streams.setUncaughtExceptionHandler(
        error -> {
          LOG.error("{}: the stream thread failed", name, error);
          return isCorrupt(error)
              ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
              : StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
    return new JournalStreams(streams, overdue);
  }

  /** True while commands are decided here. */
  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Whether something that this instance should have made public long ago is not public yet. */
  public boolean isReleaseLate() {
    return overdue.isAny();
  }

  /** The state, as Kafka Streams names it. */
  public String state() {
    return streams.state().name();
  }

  /** Kafka Streams' own metrics. */
  public KafkaStreams metrics() {
    return streams;
  }

  @Override
  public void close() {
    // Leaving the group spares the next start the wait for this session's end.
    CloseOptions leaving =
        CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(leaving)) {
      LOG.warn("a stream client did not stop within {}", CLOSE_TIMEOUT);
    }
  }

  private static boolean isCorrupt(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CorruptLogException) {
        return true;
      }
    }
    return false;
  }
}
