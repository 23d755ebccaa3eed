package io.parley.journal.gateway;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Topics;
import io.parley.journal.reading.Traces;
import io.parley.journal.stream.ReplyAddress;
import io.parley.schemas.Command;
import io.parley.schemas.CommandHeader;
import io.parley.schemas.CommandOutcome;
import io.parley.schemas.OutcomeQuery;
import io.parley.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Sends commands to the task that decides them and hands the answers back. Answers come on this
 * instance's own partition, which is read by assignment: a consumer group would stop all answers
 * while it rebalances.
 */
public final class CommandGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandGateway.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final String service;
  private final ParleyProperties.Commands limits;
  private final Producer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> replies;
  private final Thread reader;
  private final Traces traces;
  private final Semaphore places;
  private final Endings endings = new Endings();
  private final Map<Long, CompletableFuture<CommandOutcome>> pending = new ConcurrentHashMap<>();
  // A restarted instance must not take an answer to its predecessor for one of its own.
  private final AtomicLong requests =
      new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 62));
  private volatile boolean closed;

  /** Connects, and traces nothing; the topics must exist. */
  public CommandGateway(String service, ParleyProperties properties) {
    this(service, properties, Traces.OFF);
  }

  /** Connects; the topics must exist. */
  public CommandGateway(String service, ParleyProperties properties, Traces traces) {
    this.service = service;
    this.traces = traces;
    this.limits = properties.commands();
    this.places = new Semaphore(limits.pending());
    this.producer = producer(properties);
    this.replies = consumer(properties);
    TopicPartition own = new TopicPartition(Topics.replies(service), limits.replyPartition());
    replies.assign(List.of(own));
    replies.seekToEnd(List.of(own));
    // Not lazily: an answer to the first command must not fall before the end.
    replies.position(own);
    this.reader = Thread.ofPlatform().name(service + "-replies").daemon().start(this::read);
  }

  /**
   * Sends a command and waits for its outcome. Fails with a {@link Problem}: 503 where it was
   * certainly not sent, 504 where the outcome is not known.
   */
  public CompletableFuture<CommandOutcome> send(Command command) {
    return send(command, Span.getInvalid());
  }

  /** The same, as the one command of a request. */
  public CompletableFuture<CommandOutcome> send(Command command, SpanContext request) {
    return send(command, traces.begin("command " + service, SpanKind.PRODUCER, request));
  }

  /** The same, as one of many of a request: in a trace of its own, which is linked to it. */
  public CompletableFuture<CommandOutcome> sendOneOf(Command command, SpanContext request) {
    return send(
        command, traces.begin("command " + service, SpanKind.PRODUCER, Traces.NONE, request));
  }

  private CompletableFuture<CommandOutcome> send(Command command, Span step) {
    CommandHeader header = command.header();
    CompletableFuture<CommandOutcome> answer =
        exchange(header.negotiation(), command, header.id(), step.getSpanContext());
    // Beside the answer, not in its way.
    var _ = answer.whenComplete(endings::count);
    if (traces.isOn()) {
      var _ = answer.whenComplete((_, _) -> step.end());
    }
    return answer;
  }

  /**
   * Asks for the outcome of an earlier command, in the order of the log: what went before it is
   * decided.
   */
  public CompletableFuture<CommandOutcome> ask(String negotiation, String commandId) {
    return exchange(negotiation, new OutcomeQuery().commandId(commandId), commandId, Traces.NONE);
  }

  /** How commands ended; questions are not counted. */
  public Endings endings() {
    return endings;
  }

  /** Commands, and questions for outcomes, on their way. */
  public int pending() {
    return pending.size();
  }

  private CompletableFuture<CommandOutcome> exchange(
      String negotiation, SpecificRecord message, String commandId, SpanContext step) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          Problem.unavailable(
              "QUEUE_FULL",
              limits.pending() + " commands are on their way; this one was not sent",
              RETRY));
    }
    long request = requests.incrementAndGet();
    CompletableFuture<CommandOutcome> outcome = new CompletableFuture<>();
    pending.put(request, outcome);
    CompletableFuture<CommandOutcome> answer =
        outcome
            .orTimeout(limits.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (found, error) -> {
                  pending.remove(request);
                  places.release();
                })
            .exceptionallyCompose(
                error -> CompletableFuture.failedFuture(problem(error, commandId)));
    var record =
        new ProducerRecord<>(
            Topics.commands(service),
            negotiation.getBytes(StandardCharsets.UTF_8),
            Wire.encode(message));
    new ReplyAddress(limits.replyPartition(), request).to(record.headers());
    Traces.write(step, record.headers());
    try {
      var _ =
          producer.send(
              record,
              (metadata, error) -> {
                if (error != null) {
                  // It may have reached the broker all the same: only the log knows.
                  outcome.completeExceptionally(error);
                }
              });
    } catch (KafkaException e) {
      outcome.completeExceptionally(notSent(e));
    }
    return answer;
  }

  private static Problem notSent(KafkaException cause) {
    LOG.warn("a command was not sent: {}", cause.toString());
    return Problem.unavailable(
        "LOG_UNAVAILABLE", "the log is out of reach; the command was not sent", RETRY);
  }

  private Problem problem(Throwable failure, String commandId) {
    // Stages of a future hand on what went wrong wrapped.
    Throwable error =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (error instanceof Problem problem) {
      return problem;
    }
    if (error instanceof org.apache.kafka.common.errors.TimeoutException timeout
        && neverSent(timeout)) {
      return notSent(timeout);
    }
    if (!(error instanceof TimeoutException)) {
      LOG.warn("{}: the outcome of {} is not known: {}", service, commandId, error.toString());
    }
    return Problem.of(
            HttpStatus.GATEWAY_TIMEOUT,
            "OUTCOME_UNKNOWN",
            "no outcome within "
                + limits.timeout().toSeconds()
                + " s; ask GET /api/commands/"
                + commandId
                + ", or send it again with the same key")
        .with("commandId", commandId);
  }

  /** Without metadata of the topic nothing leaves the process. */
  private static boolean neverSent(org.apache.kafka.common.errors.TimeoutException timeout) {
    return String.valueOf(timeout.getMessage()).contains("not present in metadata");
  }

  private void read() {
    while (!closed) {
      try {
        for (ConsumerRecord<byte[], byte[]> reply : replies.poll(POLL)) {
          CompletableFuture<CommandOutcome> waiting =
              pending.get(ReplyAddress.parse(reply.key()).request());
          if (waiting != null) {
            waiting.complete(Wire.decode(reply.value(), CommandOutcome.class));
          }
        }
      } catch (WakeupException e) {
        LOG.debug("{}: the reader of replies was woken up to end", service);
      } catch (RuntimeException e) {
        LOG.error("{}: a reply could not be read; who waits for it gets 504", service, e);
      }
    }
    replies.close();
  }

  @Override
  public void close() {
    closed = true;
    replies.wakeup();
    try {
      reader.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(Duration.ofSeconds(5));
  }

  private static Producer<byte[], byte[]> producer(ParleyProperties properties) {
    int sendMillis = (int) properties.commands().sendTimeout().toMillis();
    return new KafkaProducer<>(
        properties
            .kafka()
            .brokers()
            .settings(
                Map.of(
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    // The 4.x default of 5 ms costs more than the send.
                    ProducerConfig.LINGER_MS_CONFIG,
                    0,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    sendMillis,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    sendMillis / 2,
                    // A send without metadata blocks its thread, which is an event loop: briefly
                    // only.
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    1_000,
                    CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG,
                    5)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(ParleyProperties properties) {
    return new KafkaConsumer<>(
        properties
            .kafka()
            .brokers()
            .settings(
                Map.of(
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "latest",
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    5_000,
                    CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG,
                    5)),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
