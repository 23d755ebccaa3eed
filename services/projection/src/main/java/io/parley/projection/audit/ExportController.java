package io.parley.projection.audit;

import io.parley.journal.reading.Access;
import io.parley.journal.reading.ParleyProperties;
import io.parley.journal.reading.Problem;
import io.parley.projection.audit.export.Export;
import io.parley.projection.audit.export.Spool;
import io.parley.projection.read.AsOf;
import io.parley.projection.read.Asks;
import io.parley.projection.read.Question;
import io.parley.projection.read.Reading;
import io.parley.projection.trail.Trail;
import io.parley.schemas.Act;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Hands out a record as a ZIP that can be checked offline (ADR 13). It is verified before the first
 * byte, and who gets it is in the audit trail by then. What goes wrong later ends the connection:
 * half a ZIP never looks whole.
 */
@RestController
public final class ExportController {
  private static final Logger LOG = LoggerFactory.getLogger(ExportController.class);
  private static final MediaType ZIP = MediaType.parseMediaType("application/zip");

  private final ParleyProperties.Kafka kafka;
  private final AuditProperties properties;
  private final Turns turns;
  private final Trail trail;

  ExportController(ParleyProperties parley, AuditProperties properties, Turns turns, Trail trail) {
    this.kafka = parley.kafka();
    this.properties = properties;
    this.turns = turns;
    this.trail = trail;
  }

  /**
   * The record of a negotiation up to a moment, as a ZIP. {@code parts=open} leaves out what not
   * everybody may know of, so that it can be handed on.
   */
  @GetMapping("/api/audit/negotiations/{negotiation}/export")
  @Asks(
      value = "parts",
      views = {},
      download = true,
      answers = "application/zip")
  public Mono<Void> export(@PathVariable String negotiation, ServerWebExchange exchange) {
    Question question = Question.of(exchange);
    boolean openOnly = !question.words("parts", List.of("open")).isEmpty();
    question.check();
    if (!Reading.isId(negotiation)) {
      throw Reading.unknown("negotiation", negotiation);
    }
    boolean head = exchange.getRequest().getMethod().equals(HttpMethod.HEAD);
    Export export = new Export(kafka.brokers(), kafka.partitions(), negotiation);
    Work work = new Work(turns.take(), export::stop);
    return Access.Rights.of(exchange)
        .flatMap(
            rights ->
                work.mono(
                    () ->
                        read(
                            export,
                            negotiation,
                            question.asOf(),
                            !openOnly && !head && rights.mayKnowAll(),
                            work.keep(spool()))))
        .flatMap(
            read -> {
              if (head) {
                describe(exchange, read.found());
                return exchange.getResponse().setComplete();
              }
              return answer(exchange, export, read, work);
            })
        .doFinally(end -> work.end());
  }

  private Spool spool() {
    try {
      return Spool.in(properties.spoolDirectory(), properties.spooledBytes());
    } catch (IOException e) {
      throw noRoom(e);
    }
  }

  private Problem noRoom(IOException e) {
    LOG.error("an export cannot be kept in {}", properties.spoolDirectory(), e);
    return Problem.unavailable(
        "NO_ROOM", "there is no room for the export just now", Duration.ofMinutes(1));
  }

  /** A record that was read, and the spool that has it. */
  private record Read(Export.Found found, Spool spool) {}

  private Mono<Void> answer(ServerWebExchange exchange, Export export, Read read, Work work) {
    Export.Found found = read.found();
    String asOf = exchange.getRequest().getQueryParams().getFirst("asOf");
    return Trail.act(exchange, Act.EXPORTED)
        .map(act -> act.negotiation(found.negotiation()).asOf(asOf).result(found.headHash()))
        .flatMap(trail::written)
        .then(
            Mono.defer(
                () -> {
                  describe(exchange, found);
                  return exchange
                      .getResponse()
                      .writeWith(
                          ExportBody.of(
                              out -> write(export, read, out),
                              work::start,
                              export::stop,
                              properties.stalledAfter(),
                              () -> disconnect(exchange)));
                }));
  }

  private Read read(
      Export export, String negotiation, @Nullable AsOf asOf, boolean restricted, Spool spool) {
    try {
      return new Read(
          export
              .read(asOf, restricted, spool)
              .orElseThrow(() -> Reading.unknown("negotiation", negotiation)),
          spool);
    } catch (IOException e) {
      throw noRoom(e);
    } catch (Spool.TooLarge e) {
      throw Problem.of(
          HttpStatus.INSUFFICIENT_STORAGE,
          "EXPORT_TOO_LARGE",
          e.getMessage() + " (parley.audit.spooled-bytes): ask for an earlier moment");
    } catch (KafkaException e) {
      if (!export.isStopped()) {
        LOG.warn("the log cannot be read for an export", e);
      }
      throw away();
    } catch (Export.BrokenRecord e) {
      boolean open = !(e instanceof Export.BrokenRestricted);
      LOG.error("the record of {} is not whole: {}", open ? negotiation : "one", e.getMessage());
      throw Problem.of(
          HttpStatus.INTERNAL_SERVER_ERROR,
          "RECORD_BROKEN",
          "the record is not whole, nothing is handed out: " + e.getMessage());
    }
  }

  private static Problem away() {
    return Problem.unavailable(
        "LOG_AWAY", "the log cannot be read just now", Duration.ofSeconds(1));
  }

  private static void describe(ServerWebExchange exchange, Export.Found found) {
    HttpHeaders headers = exchange.getResponse().getHeaders();
    headers.setContentType(ZIP);
    headers.set(
        HttpHeaders.CONTENT_DISPOSITION,
        "attachment; filename=\"%s-%d.zip\"".formatted(found.negotiation(), found.length()));
    headers.set(Reading.SEQUENCE, String.valueOf(found.length()));
    headers.setCacheControl("no-store");
    // nginx would else write all of it to a file of its own.
    headers.set("X-Accel-Buffering", "no");
  }

  /** What was not begun yet is still answered with a problem. */
  private static void disconnect(ServerWebExchange exchange) {
    if (exchange.getResponse().isCommitted()
        && ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest())
            instanceof HttpServerRequest own) {
      own.withConnection(DisposableChannel::dispose);
    }
  }

  private static void write(Export export, Read read, OutputStream out) {
    try {
      Export.write(read.found(), read.spool(), out);
    } catch (IOException | RuntimeException e) {
      if (!export.isStopped()) {
        LOG.error("the export of {} is cut off: {}", read.found().negotiation(), e.toString());
      }
      throw e instanceof RuntimeException failed
          ? failed
          : new IllegalStateException("cannot be written", e);
    }
  }

  /**
   * The threads of one export, one after another. Its turn ends with the last of them, and what it
   * keeps.
   */
  private static final class Work {
    private final Turns.Turn turn;
    private final Runnable stop;
    private @Nullable Spool spool;
    private int under = 1;

    Work(Turns.Turn turn, Runnable stop) {
      this.turn = turn;
      this.stop = stop;
    }

    void start(Runnable task) {
      synchronized (this) {
        under++;
      }
      Thread.ofPlatform()
          .daemon()
          .name("audit-export")
          .start(
              () -> {
                try {
                  task.run();
                } finally {
                  end();
                }
              });
    }

    synchronized Spool keep(Spool kept) {
      spool = kept;
      return kept;
    }

    void end() {
      Spool kept;
      synchronized (this) {
        under--;
        if (under > 0) {
          return;
        }
        kept = spool;
      }
      try {
        if (kept != null) {
          kept.close();
        }
      } catch (IOException e) {
        LOG.warn("an export's spool cannot be closed", e);
      } finally {
        turn.close();
      }
    }

    <T> Mono<T> mono(Callable<T> task) {
      return Mono.create(
          sink -> {
            AtomicBoolean gone = new AtomicBoolean();
            sink.onCancel(
                () -> {
                  gone.set(true);
                  stop.run();
                });
            start(
                () -> {
                  try {
                    sink.success(task.call());
                  } catch (Exception e) {
                    if (!gone.get()) {
                      sink.error(e);
                    }
                  }
                });
          });
    }
  }
}
