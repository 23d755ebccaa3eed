package io.parley.projection.audit;

import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.journal.reading.Problem.Fault;
import io.parley.journal.reading.Topics;
import io.parley.projection.log.Scan;
import io.parley.projection.read.Reading;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import io.parley.schemas.AuditAct;
import io.parley.schemas.wire.Wire;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Who asked for what of a negotiation: the audit trail as an auditor reads it, oldest first. */
@RestController
public final class TrailController {
  private static final Logger LOG = LoggerFactory.getLogger(TrailController.class);
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private final ParleyProperties.Kafka kafka;
  private final Trail trail;

  TrailController(ParleyProperties parley, Trail trail) {
    this.kafka = parley.kafka();
    this.trail = trail;
  }

  /**
   * One act.
   *
   * @param subject who asked
   * @param path what was asked for
   * @param result how it ended, where that is known
   */
  @Schema(name = "TrailItem")
  public record Item(
      String id,
      Instant recordedAt,
      String subject,
      Act act,
      @Nullable String path,
      @Nullable String asOf,
      @Nullable String result,
      @Nullable String detail) {
    static Item of(AuditAct act) {
      return new Item(
          act.id(),
          act.recordedAt(),
          act.subject(),
          act.act(),
          act.path(),
          act.asOf(),
          act.result(),
          act.detail());
    }
  }

  /**
   * A page of the trail.
   *
   * @param next where the next page begins; null where this is the end
   */
  @Schema(name = "TrailPage")
  public record Page(List<Item> items, @Nullable String next) {}

  /** Moments that were asked for, exports and verifications; reading this is one of the acts. */
  @GetMapping("/api/audit/negotiations/{negotiation}/trail")
  public Mono<ResponseEntity<Page>> ofNegotiation(
      @PathVariable String negotiation,
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor,
      ServerWebExchange exchange) {
    if (!Reading.isId(negotiation)) {
      throw Reading.unknown("negotiation", negotiation);
    }
    return answer(negotiation, limit, cursor, exchange);
  }

  /**
   * What is of no one negotiation: moments asked of all of them, and what was done to projections.
   */
  @GetMapping("/api/audit/trail")
  public Mono<ResponseEntity<Page>> ofTheWhole(
      @RequestParam(required = false) @Nullable String limit,
      @RequestParam(required = false) @Nullable String cursor,
      ServerWebExchange exchange) {
    return answer(Trail.WHOLE, limit, cursor, exchange);
  }

  private Mono<ResponseEntity<Page>> answer(
      String key, @Nullable String limit, @Nullable String cursor, ServerWebExchange exchange) {
    long from = number("cursor", cursor, 0, 0, Long.MAX_VALUE - 1);
    int most = (int) number("limit", limit, DEFAULT_LIMIT, 1, MAX_LIMIT);
    return Trail.act(exchange, Act.TRAIL_READ)
        .flatMap(act -> trail.written(act.negotiation(key.equals(Trail.WHOLE) ? null : key)))
        .then(
            Mono.fromCallable(() -> page(key, from, most)).subscribeOn(Schedulers.boundedElastic()))
        .map(page -> ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(page));
  }

  private Page page(String key, long from, int most) {
    List<Item> items = new ArrayList<>();
    try (Scan scan = new Scan(kafka.brokers(), Topics.AUDIT, kafka.partitions(), key, from)) {
      ConsumerRecord<String, byte[]> record;
      while ((record = scan.next()) != null) {
        if (items.size() == most) {
          return new Page(items, String.valueOf(record.offset()));
        }
        items.add(Item.of(Wire.decode(record.value(), AuditAct.class)));
        scan.pass();
      }
      return new Page(items, null);
    } catch (KafkaException e) {
      LOG.warn("the audit trail cannot be read", e);
      throw Problem.unavailable(
          "TRAIL_AWAY", "the audit trail cannot be read just now", Duration.ofSeconds(1));
    }
  }

  private static long number(
      String name, @Nullable String text, long otherwise, long least, long most) {
    if (text == null) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    String range =
        name.equals("cursor")
            ? "not a cursor of this trail"
            : "not a number from " + least + " to " + most;
    throw Problem.invalid(
        "the query parameters cannot be answered", List.of(new Fault(name, range)));
  }
}
