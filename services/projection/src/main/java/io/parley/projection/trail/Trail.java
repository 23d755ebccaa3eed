package io.parley.projection.trail;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Topics;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import io.parley.schemas.wire.Wire;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Writes the audit trail (topic {@link Topics#AUDIT}, keyed by negotiation, kept for ever). What is
 * done to the record or handed out of it is written before it is answered: who cannot be named is
 * not served.
 */
@Component
public final class Trail implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Trail.class);
  private static final Duration WITHIN = Duration.ofSeconds(5);

  /** Key of acts that are of no negotiation. */
  public static final String WHOLE = "";

  private final ParleyProperties.Kafka kafka;
  private volatile @Nullable Producer<String, byte[]> producer;

  Trail(ParleyProperties parley) {
    this.kafka = parley.kafka();
  }

  /** An act of who asks, to be filled in. */
  public static Mono<AuditAct> act(ServerWebExchange exchange, Act act) {
    return exchange
        .getPrincipal()
        .map(Principal::getName)
        .map(
            subject ->
                new AuditAct()
                    .id(UUID.randomUUID().toString())
                    .recordedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                    .subject(subject)
                    .act(act)
                    .path(path(exchange)));
  }

  /**
   * Writes an act; done once the broker has it.
   *
   * @return an error, 503, where it has not in time: then the act is not to be done
   */
  public Mono<Void> written(AuditAct act) {
    return Mono.<Void>create(
            sink ->
                send(
                    act,
                    error -> {
                      if (error == null) {
                        sink.success();
                      } else {
                        LOG.warn("the audit trail cannot be written", error);
                        sink.error(
                            Problem.unavailable(
                                "TRAIL_AWAY",
                                "the audit trail cannot be written just now",
                                Duration.ofSeconds(1)));
                      }
                    }))
        // A send may wait for the topic's metadata.
        .subscribeOn(Schedulers.boundedElastic());
  }

  /**
   * Notes the moments of a record that somebody asks for who says who it is, each an act of its
   * own; the answer does not wait.
   *
   * @param negotiation null where it is all of them
   * @param moments as they were given
   */
  public Mono<Void> asked(
      ServerWebExchange exchange, @Nullable String negotiation, List<String> moments) {
    return Flux.fromIterable(moments)
        .concatMap(moment -> act(exchange, Act.MOMENT_ASKED).map(act -> act.asOf(moment)))
        .doOnNext(act -> write(act.negotiation(negotiation)))
        .then();
  }

  /** Writes an act some time soon; what is read is not kept waiting for it. */
  public void write(AuditAct act) {
    written(act).subscribe(nothing -> {}, error -> LOG.warn("an act is not in the audit trail"));
  }

  private void send(AuditAct act, Consumer<@Nullable Exception> done) {
    Producer<String, byte[]> open = producer;
    if (open == null) {
      done.accept(new IllegalStateException("it is not started, or stopped"));
      return;
    }
    String negotiation = act.negotiation();
    try {
      // The callback tells how it ended.
      var _ =
          open.send(
              new ProducerRecord<>(
                  Topics.AUDIT, negotiation == null ? WHOLE : negotiation, Wire.encode(act)),
              (metadata, error) -> done.accept(error));
    } catch (RuntimeException e) {
      done.accept(e);
    }
  }

  @Override
  public synchronized void start() {
    Topics.create(kafka, List.of(Topics.AUDIT));
    producer =
        new KafkaProducer<>(
            kafka
                .brokers()
                .settings(
                    Map.of(
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        WITHIN.toMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) WITHIN.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) WITHIN.toMillis() / 2)),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @Override
  public synchronized void stop() {
    Producer<String, byte[]> open = producer;
    producer = null;
    if (open != null) {
      open.close(WITHIN);
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return producer != null;
  }

  private static String path(ServerWebExchange exchange) {
    String query = exchange.getRequest().getURI().getRawQuery();
    String path = exchange.getRequest().getPath().value();
    return query == null ? path : path + "?" + query;
  }
}
