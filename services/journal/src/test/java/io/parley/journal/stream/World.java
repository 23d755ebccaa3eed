package io.parley.journal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.journal.Service;
import io.parley.journal.gateway.CommandGateway;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Topics;
import io.parley.parts.TestBroker;
import io.parley.schemas.Command;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.Event;
import io.parley.schemas.EventHeader;
import io.parley.schemas.delegation.DelegationComposed;
import io.parley.schemas.delegation.Roster;
import io.parley.schemas.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;

/**
 * Empty topics on a real broker, the gateway to them, and at most one writer: all that a guarantee
 * is held against. The broker is one for the test run; each world deletes what the last one left.
 */
final class World implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final AtomicInteger WORLDS = new AtomicInteger();
  private static @Nullable TestBroker broker;

  /** What the worlds differ in. */
  record Settings(Duration timeout, int partitions, int parked, Duration parkedFor) {
    static final Settings USUAL =
        new Settings(Duration.ofSeconds(30), 1, 1_000, Duration.ofSeconds(60));

    Settings timeout(Duration value) {
      return new Settings(value, partitions, parked, parkedFor);
    }

    Settings partitions(int value) {
      return new Settings(timeout, value, parked, parkedFor);
    }

    Settings parked(int value) {
      return new Settings(timeout, partitions, value, parkedFor);
    }

    Settings parkedFor(Duration value) {
      return new Settings(timeout, partitions, parked, value);
    }
  }

  private final ParleyProperties properties;
  private final String name;
  private final CommandGateway gateway;
  private @Nullable JournalStreams writer;

  private World(Settings settings) throws Exception {
    deleteTopics();
    name = "world-" + WORLDS.incrementAndGet();
    properties = properties(bootstrapServers(), newDirectory(), settings);
    Topics.create(
        properties.kafka(),
        Stream.concat(
                Topics.SERVICES.stream().map(Topics::events),
                Stream.of(
                    Topics.commands("schedule"),
                    Topics.replies("schedule"),
                    Topics.restricted("schedule")))
            .toList());
    gateway = new CommandGateway("schedule", properties);
  }

  /** A world in which nobody decides yet. */
  static World empty(Settings settings) throws Exception {
    return new World(settings);
  }

  /** A world with a sound writer. */
  static World written() throws Exception {
    return written(Settings.USUAL);
  }

  /** A world with a sound writer. */
  static World written(Settings settings) throws Exception {
    World world = new World(settings);
    world.start();
    return world;
  }

  static ParleyProperties properties(String bootstrapServers, Path state, Settings settings) {
    Duration timeout = settings.timeout();
    return new ParleyProperties(
        new ParleyProperties.Kafka(bootstrapServers, settings.partitions(), (short) 1),
        state,
        0,
        new ParleyProperties.Commands(
            timeout,
            timeout.multipliedBy(4).dividedBy(5),
            10_000,
            1_000,
            settings.parked(),
            Collections.min(List.of(settings.parkedFor(), timeout.minusMillis(1))),
            Duration.ofHours(24),
            0),
        new ParleyProperties.Security(
            null,
            null,
            null,
            "issuer",
            "audience",
            Set.of(SignatureAlgorithm.ES256),
            Duration.ofSeconds(30)));
  }

  String name() {
    return name;
  }

  ParleyProperties properties() {
    return properties;
  }

  JournalTopology.Settings topologySettings() {
    return new JournalTopology.Settings(properties.kafka().brokers(), properties.commands());
  }

  CommandGateway gateway() {
    return gateway;
  }

  /** Starts a sound writer. */
  void start() {
    start(Tally.service(1));
  }

  void start(Service service) {
    start(JournalTopology.of(service, topologySettings()));
  }

  /** Starts a writer of this topology, sound or not. */
  void start(Topology topology) {
    writer = JournalStreams.start(name, topology, properties);
  }

  /** Starts a writer that goes by this time. */
  void start(Topology topology, Time time) {
    writer = JournalStreams.start(name, topology, properties, time);
  }

  /** Ends the writer in good order. */
  void stop() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  /** Sends a command and waits for its outcome. */
  CommandOutcome send(Command command) throws Exception {
    return gateway.send(command).get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** The service's events, committed ones only, partition by partition in order. */
  List<Event> events() throws Exception {
    List<Event> events = new ArrayList<>();
    for (var record : committed(Topics.events("schedule"))) {
      events.add((Event) Wire.decode(record.value()));
    }
    return events;
  }

  /** The events of a negotiation's own aggregate. */
  List<Event> events(String negotiation) throws Exception {
    return events().stream()
        .filter(event -> event.header().aggregate().equals("negotiation:" + negotiation))
        .toList();
  }

  /** What is committed in a topic, once no transaction is open in it. */
  List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws Exception {
    List<TopicPartition> parts = new ArrayList<>();
    for (int i = 0; i < properties.kafka().partitions(); i++) {
      parts.add(new TopicPartition(topic, i));
    }
    Map<TopicPartition, Long> ends;
    try (var consumer = consumer("read_uncommitted")) {
      ends = consumer.endOffsets(parts);
    }
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    long deadline = System.nanoTime() + SOON.toNanos();
    try (var consumer = consumer("read_committed")) {
      consumer.assign(parts);
      consumer.seekToBeginning(parts);
      while (parts.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
        assertThat(System.nanoTime()).as("read %s in time", topic).isLessThan(deadline);
      }
    }
    return found;
  }

  /** A fact of the delegation service: version 1 of this party's delegation. */
  DelegationComposed delegation(String negotiation, String party) throws Exception {
    var event = new DelegationComposed().party(party).roster(Roster.PARTIAL).published(true);
    event.header(header("delegation", negotiation, "delegation:" + party, 1));
    try (var producer = producer(Map.of())) {
      producer.send(record(event, "delegation")).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
    return event;
  }

  static EventHeader header(String service, String negotiation, String aggregate, long version) {
    String id = service + "/" + negotiation + "/" + aggregate + "@" + version;
    return new EventHeader()
        .id(id)
        .negotiation(negotiation)
        .aggregate(aggregate)
        .version(version)
        .decidedAt(Instant.EPOCH)
        .author("tester")
        .commandId(id)
        .causationId(id)
        .correlationId(id);
  }

  static ProducerRecord<byte[], byte[]> record(Event event, String service) {
    return new ProducerRecord<>(
        Topics.events(service),
        event.header().negotiation().getBytes(StandardCharsets.UTF_8),
        Wire.encode(event));
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", properties.kafka().bootstrapServers());
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** All entries of the store of the fold, once it is folded and can be read. */
  Map<String, String> store(Service service) throws Exception {
    var query =
        StoreQueryParameters.fromNameAndType(
            JournalTopology.states(service), QueryableStoreTypes.<String, byte[]>keyValueStore());
    long deadline = System.nanoTime() + SOON.toNanos();
    while (System.nanoTime() < deadline) {
      Map<String, String> entries = new TreeMap<>();
      try (var all = running().metrics().store(query).all()) {
        all.forEachRemaining(entry -> entries.put(entry.key, Arrays.toString(entry.value)));
      } catch (InvalidStateStoreException e) {
        entries.clear();
      }
      if (entries.containsKey("/")) {
        return entries;
      }
      Thread.sleep(10);
    }
    throw new TimeoutException("the store did not become warm");
  }

  JournalStreams running() {
    JournalStreams current = writer;
    if (current == null) {
      throw new IllegalStateException("there is no writer");
    }
    return current;
  }

  /** Deletes the local stores; the changelogs stay. */
  void forgetStateDirectory() throws IOException {
    delete(properties.stateDirectory());
  }

  /** Deletes the topics that Kafka Streams made, so that only the events are left. */
  void forgetChangelogs() throws Exception {
    try (Admin admin = admin()) {
      List<String> changelogs =
          names(admin).stream().filter(topic -> topic.endsWith("-changelog")).toList();
      assertThat(changelogs).isNotEmpty();
      delete(admin, changelogs);
    }
  }

  @Override
  public void close() {
    stop();
    gateway.close();
    delete(properties.stateDirectory());
  }

  static synchronized String bootstrapServers() throws IOException {
    if (broker == null) {
      broker = TestBroker.start();
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    }
    return broker.bootstrapServers();
  }

  private static void deleteTopics() throws Exception {
    try (Admin admin = admin()) {
      delete(admin, names(admin));
    }
  }

  private static void delete(Admin admin, List<String> topics) throws Exception {
    admin.deleteTopics(topics).all().get(SOON.toSeconds(), TimeUnit.SECONDS);
    while (names(admin).stream().anyMatch(topics::contains)) {
      Thread.sleep(10);
    }
  }

  private static List<String> names(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> names = admin.listTopics().names().get(SOON.toSeconds(), TimeUnit.SECONDS);
    return names.stream().filter(topic -> !topic.startsWith("__")).toList();
  }

  private static Admin admin() throws IOException {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String isolation) throws IOException {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", isolation),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  static Path newDirectory() throws IOException {
    return Files.createTempDirectory("parley-guarantees-");
  }

  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
