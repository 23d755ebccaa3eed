package io.parley.benchmarks;

import io.parley.journal.reading.Door;
import io.parley.journal.reading.Doors;
import io.parley.projection.projector.Database;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The least that a read can cost here: one select by primary key, its value as the answer. */
@Configuration(proxyBeanMethods = false)
@RestController
public class BareSelect {
  private static final String SQL =
      "select body from {schema}.negotiations where negotiation = $1 and id = $1 and from_sequence = 1";

  private static final String PATH = "/bench/bare/{negotiation}";

  private final Database database;

  BareSelect(Database database) {
    this.database = database;
  }

  /** What has no door is not there. */
  @Bean
  static Doors bareDoor() {
    return Doors.of(Door.get(PATH, Door.To.ANYBODY));
  }

  /** A negotiation as it was convened. */
  @GetMapping(PATH)
  public Mono<String> one(@PathVariable String negotiation) {
    return database.query(SQL, row -> row.get(0, String.class), List.of(negotiation)).next();
  }
}
